"""What both metadata formats leave to the reader: kinds of resources, licences, addresses."""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from data.harvesting.xml import local

_KINDS: Mapping[str, str] = {
    "movingimage": "video",
    "stillimage": "image",
    "sound": "audio",
    "interactiveresource": "interactive",
}
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def kind_of(written: Iterable[str]) -> str | None:
    """The kind of a resource by the first word for it: the last part of an address, or a word."""
    for word in written:
        last = word.rstrip("/").rpartition("/")[2] if is_address(word) else word
        if last:
            return _KINDS.get(last.replace(" ", "").casefold(), last.lower())
    return None


def license_of(written: Iterable[str]) -> str | None:
    """The first address among what is said of rights, else the first text."""
    said = [text for text in written if text]
    return next((text for text in said if is_address(text)), said[0] if said else None)


def is_address(text: str) -> bool:
    """Whether it is one address of the web and nothing else."""
    return text.lower().startswith(("https://", "http://")) and not any(map(str.isspace, text))


def language_said(element: Element) -> str | None:
    """The language in which the text of an element is said to be."""
    return element.get(_XML_LANGUAGE) or element.get("language") or None


def tree(element: Element) -> Any:
    """All of an element as JSON: a text, or lists of what is in it by name."""
    found: dict[str, Any] = {f"@{local_name(name)}": text for name, text in element.items()}
    for inner in element:
        found.setdefault(local(inner), []).append(tree(inner))
    text = (element.text or "").strip()
    if not found:
        return text
    return found | ({"text": text} if text else {})


def local_name(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]
