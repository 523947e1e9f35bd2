"""Elements of XML, with their prefixes as they are written."""

from xml.etree.ElementTree import Element, tostring

from data.formats.xml_text import clean


def element(name: str, *within: Element | str, **attributes: str | None) -> Element:
    """An element with what is within; of the text what XML cannot have is left out.

    An attribute that is None is left out; `__` in the name of one stands for the colon.
    """
    given = {key: value for key, value in attributes.items() if value is not None}
    made = Element(name, {key.replace("__", ":"): clean(value) for key, value in given.items()})
    for part in within:
        if isinstance(part, str):
            made.text = clean(part)
        else:
            made.append(part)
    return made


def document(root: Element) -> bytes:
    """The file."""
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found
