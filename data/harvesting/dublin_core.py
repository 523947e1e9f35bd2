"""A Dublin Core record, simple or qualified → the raw fields of a resource."""

from collections import defaultdict
from typing import Any
from xml.etree.ElementTree import Element

from data.harvesting.languages import Spoken, first_tag, spoken_in
from data.harvesting.wording import is_address, kind_of, language_said, license_of, tree
from data.harvesting.xml import local, words

ROOTS = frozenset({"dc", "qualifieddc"})


def fields_of(record: Element, language: str | None) -> dict[str, Any]:
    """The fields that the record has; `language` is that of resources that name none."""
    said: dict[str, list[Spoken]] = defaultdict(list)
    for element in record:
        if text := words(element):
            said[local(element)].append((text, language_said(element)))
    plain = {name: [text for text, _ in texts] for name, texts in said.items()}
    own = first_tag([*plain.get("language", ()), *_marked(said)]) or language
    titles = spoken_in(said["title"], own)
    descriptions = spoken_in(said["description"] or said["abstract"], own)
    subjects = spoken_in(said["subject"], own)
    places = [*plain.get("identifier", ()), *plain.get("URI", ())]
    return {
        "title": next(iter(titles), ""),
        "description": "\n\n".join(descriptions),
        "kind": kind_of(plain.get("type", ())),
        "subject": next((text for text in subjects if not is_address(text)), None),
        "levels": list(dict.fromkeys(spoken_in(said["educationLevel"], own))),
        "language": own,
        "url": next(filter(is_address, places), None),
        "license": license_of([*plain.get("license", ()), *plain.get("rights", ())]),
        "dc": tree(record),
    }


def _marked(said: dict[str, list[Spoken]]) -> list[str | None]:
    return [language for _, language in said["title"]]
