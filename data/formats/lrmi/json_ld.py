"""JSON-LD in a file → its objects, whose fields go by plain names. No context is ever fetched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final, TypeAlias

from data.formats.lines import decode_json, json_fault
from data.formats.lrmi import schema_org
from data.formats.protocol import Refusal
from data.formats.whole_file import read_whole

Found: TypeAlias = tuple[int, Any]

SCRIPT: Final = "application/ld+json"
EXTRA: Final = "urn:gateways:extra:"
"""What comes before the name of a field that is not of schema.org; it is kept as it is."""

WHOLE: Final = (256 * 2**20, "write one object a line, as .jsonl")
"""How many bytes are read as one piece, and what to do with more."""
_DEEPEST = 90  # an object in `extra` may be nested 100 deep


class TooDeepError(ValueError):
    """An object that is nested deeper than anything a person would write."""


def read_page(path: Path) -> Iterator[Found | Refusal]:
    """The value in each JSON-LD script of a page with the script's line. Raises GatewaysError."""
    scripts = _Scripts()
    scripts.feed(read_whole(path, *WHOLE).decode("utf-8", "replace"))
    for line, text in scripts.found:
        try:
            yield line, decode_json(text)
        except (ValueError, RecursionError) as error:
            yield Refusal(str(path), line, json_fault(error))


@dataclass(frozen=True, slots=True)
class Names:
    """What a context says: prefixes, other names for ours, and whose all other names are."""

    prefixes: Mapping[str, str] = field(default_factory=lambda: schema_org.PREFIXES)
    terms: Mapping[str, str] = field(default_factory=dict)
    vocabulary: str = schema_org.IRI

    def within(self, context: Any) -> "Names":
        """The names where one more context holds; an address that is unknown says nothing."""
        if isinstance(context, list):
            names = self
            for one in context:
                names = names if isinstance(one, list) else names.within(one)
            return names
        return self._with(context) if isinstance(context, dict) else self

    def _with(self, context: Mapping[str, Any]) -> "Names":
        prefixes, terms, vocabulary = dict(self.prefixes), dict(self.terms), self.vocabulary
        for name, said in context.items():
            iri = said.get("@id") if isinstance(said, dict) else said
            if not isinstance(iri, str):
                continue
            if name == "@vocab":
                vocabulary = schema_org.IRI if schema_org.is_root(iri) else iri
            elif iri.endswith(("/", "#", ":")):
                prefixes[name] = iri
            elif not name.startswith("@"):
                terms[name] = iri
        return replace(self, prefixes=prefixes, terms=terms, vocabulary=vocabulary)

    def plain(self, name: str) -> str:
        """The name without what says that it is schema.org's; in full if it is another's."""
        if name in self.terms and (said := self.terms[name]) != name:
            return said if said.startswith("@") else self._expanded(said)
        return self._expanded(name)

    def _expanded(self, name: str) -> str:
        prefix, colon, rest = name.partition(":")
        if colon and prefix in self.prefixes:
            return schema_org.short_name(self.prefixes[prefix] + rest)
        is_known = name in schema_org.READ or name in schema_org.PROPERTIES
        if colon or is_known or name.startswith("@") or self.vocabulary == schema_org.IRI:
            return schema_org.short_name(name)
        return self.vocabulary + name


def plain(value: Any, names: Names, depth: int = 0) -> Any:
    """The same value with plain names for fields and types. Raises TooDeepError."""
    if depth > _DEEPEST:
        raise TooDeepError(f"it is nested more than {_DEEPEST} deep")
    if isinstance(value, list):
        return [plain(item, names, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    names = names.within(value.get("@context"))
    found: dict[str, Any] = {}
    for name, item in value.items():
        if name == "@context":
            continue
        known = names.plain(name)
        if known == "@type":
            found[known] = _types(item, names)
        else:
            found[known] = item if known.startswith(EXTRA) else plain(item, names, depth + 1)
    return found


def _types(value: Any, names: Names) -> Any:
    if isinstance(value, list):
        return [_types(item, names) for item in value if not isinstance(item, list)]
    return names.plain(value) if isinstance(value, str) else value


class _Scripts(HTMLParser):
    """Collects the JSON-LD scripts of a page with the line on which each begins."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").partition(";")[0].strip().lower()
        self._inside = tag == "script" and kind == SCRIPT
        if self._inside:
            self.found.append((self.getpos()[0], ""))

    def handle_data(self, data: str) -> None:
        if self._inside:
            line, text = self.found[-1]
            self.found[-1] = (line, text + data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"
