"""A record of IEEE Learning Object Metadata, or of IMS's before it → a resource's raw fields."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element

from data.harvesting.languages import Spoken, first_tag, spoken_in
from data.harvesting.wording import is_address, kind_of, language_said, license_of, tree
from data.harvesting.xml import child, children, words
from data.records import Relation

ROOTS = frozenset({"lom"})
ALIGNED: Final = "aligned"
"""The field of a resource's extra that says to which outcomes its record classifies it."""

PURPOSES: Final[Mapping[str, Relation]] = {
    "educational objective": Relation.TEACHES,
    "assesses": Relation.ASSESSES,
    "prerequisite": Relation.REQUIRES,
}
"""What a classification is for → how the resource relates to what it is classified as."""


def fields_of(record: Element, language: str | None) -> dict[str, Any]:
    """The fields that the record has; `language` is that of resources that name none."""
    titles = _texts(children(record, "general", "title"))
    written = [words(one) for one in children(record, "general", "language")]
    own = first_tag([*written, *(said for _, said in titles)]) or language
    places = [words(one) for one in children(record, "technical", "location")]
    identifiers = [words(one) for one in children(record, "general", "identifier", "entry")]
    aligned = list(_aligned(record))
    return {
        "title": next(iter(spoken_in(titles, own)), ""),
        "description": "\n\n".join(
            spoken_in(_texts(children(record, "general", "description")), own)
        ),
        "kind": kind_of(_values(record, own, "educational", "learningResourceType")),
        "subject": _subject(record, own),
        "levels": _levels(record, own),
        "language": own,
        "url": next(filter(is_address, [*places, *identifiers]), None),
        "license": license_of(
            text for text, _ in _texts(children(record, "rights", "description"))
        ),
        "lom": tree(record),
        **({ALIGNED: aligned} if aligned else {}),
    }


def _subject(record: Element, own: str | None) -> str | None:
    """The discipline that it is classified in, else its first keyword."""
    disciplines = _taxa(record, own, "discipline")
    keywords = spoken_in(_texts(children(record, "general", "keyword")), own)
    return next(iter([*disciplines, *keywords]), None)


def _levels(record: Element, own: str | None) -> list[str]:
    found = [
        *_taxa(record, own, "educational level"),
        *_values(record, own, "educational", "context"),
        *spoken_in(_texts(children(record, "educational", "typicalAgeRange")), own),
    ]
    return list(dict.fromkeys(found))


def _aligned(record: Element) -> Iterator[dict[str, Any]]:
    """What ends each path of a classification that may name an outcome, and whose it is."""
    for classification in children(record, "classification"):
        purposes = [word.casefold() for word in _values(classification, None, "purpose")]
        relation = next((PURPOSES[word] for word in purposes if word in PURPOSES), None)
        if relation is None:
            continue
        for path in children(classification, "taxonPath"):
            named = words(child((children(path, "taxon") or [path])[-1], "id"))
            frameworks = [text for text, _ in _texts(children(path, "source"))]
            if named and frameworks:
                yield {"relation": relation.value, "outcome": named, "frameworks": frameworks}


def _taxa(record: Element, own: str | None, purpose: str) -> list[str]:
    """The last step of each path of classifications for this purpose."""
    found: list[str] = []
    for classification in children(record, "classification"):
        if purpose in _values(classification, own, "purpose"):
            for path in children(classification, "taxonPath"):
                steps = children(path, "taxon", "entry")
                found += spoken_in(_texts(steps[-1:]), own)[:1]
    return found


def _values(record: Element, own: str | None, *path: str) -> list[str]:
    """Words of vocabularies, which IEEE writes bare and IMS as texts in a language."""
    found: list[str] = []
    for value in children(record, *path, "value"):
        found += spoken_in(_texts([value]), own)[:1]
    return found


def _texts(elements: Iterable[Element]) -> list[Spoken]:
    """The texts in elements, each of which has one or more, in whatever languages."""
    found: list[Spoken] = []
    for element in elements:
        strings = [*children(element, "string"), *children(element, "langstring")]
        bare = [] if len(element) else [element]
        found += [(words(one), language_said(one)) for one in strings or bare]
    return [(text, said) for text, said in found if text]
