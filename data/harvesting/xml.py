"""XML of others → elements, within bounds; no entity or document type is followed."""

from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from data.errors import GatewaysError

DEEPEST: Final = 60
MOST: Final = 400_000
"""Elements and attributes of one document; a page of a thousand full records has fewer."""


class _Bounded(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._depth += 1
        self._count += 1 + len(attrs)
        if self._depth > DEEPEST:
            raise GatewaysError(f"its elements are nested more than {DEEPEST} deep")
        if self._count > MOST:
            raise GatewaysError(f"it has more than {MOST:,} elements; ask for smaller pages there")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse(document: bytes) -> Element:
    """The root element. Raises GatewaysError that says why there is none."""
    parser = XMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        for start in range(0, len(document), 65_536):  # so that bounds hold while it is read
            parser.feed(document[start : start + 65_536])
        root: Element = parser.close()
    except DefusedXmlException:
        raise GatewaysError("it declares a document type or entities, which is not safe") from None
    except (ParseError, ValueError, LookupError) as error:  # the last two: odd encodings
        raise GatewaysError(f"it is not well-formed XML ({error})") from None
    return root


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, *path: str) -> list[Element]:
    """All elements below at this path of local names, in their order."""
    found = [element]
    for name in path:
        found = [child for one in found for child in one if local(child) == name]
    return found


def child(element: Element, *path: str) -> Element | None:
    """The first element at this path."""
    return next(iter(children(element, *path)), None)


def words(element: Element | None) -> str:
    """What stands in an element, without the space around it; "" if there is none."""
    return "" if element is None else "".join(element.itertext()).strip()
