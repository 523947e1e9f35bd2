"""Answers of OAI-PMH as XML: the envelope, headers, and resources as Dublin Core or LOM."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from data.catalogue.changes import Change
from data.formats.xml_text import clean
from data.harvesting.lom import PURPOSES
from data.records import Relation, Resource
from service.api.oai_aligned import Aligned
from service.api.oai_names import identifier_of, set_of, stamp

OAI: Final = "http://www.openarchives.org/OAI/2.0/"
OAI_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC: Final = "http://purl.org/dc/elements/1.1/"
LOM: Final = "http://ltsc.ieee.org/xsd/LOM"
SCHEMAS: Final = {
    "oai_dc": (OAI_DC, "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"),
    "oai_lom": (LOM, "http://ltsc.ieee.org/xsd/lomv1.0/lom.xsd"),
}
"""What is offered: the namespace and the schema of each format."""

_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"

for prefix, space in {"": OAI, "oai_dc": OAI_DC, "dc": DC, "lom": LOM, "xsi": _INSTANCE}.items():
    register_namespace(prefix, space)


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Add an element of the parent's namespace, without characters that XML cannot have."""
    space = parent.tag.rpartition("}")[0].removeprefix("{")
    return _add(parent, space, name, text, attributes)


def envelope(url: str, asked: Mapping[str, str], now: float) -> Element:
    """An answer in which nothing is answered yet."""
    root = Element(f"{{{OAI}}}OAI-PMH")
    root.set(f"{{{_INSTANCE}}}schemaLocation", f"{OAI} {OAI}OAI-PMH.xsd")
    add(root, "responseDate", stamp(now))
    add(root, "request", url, **asked)
    return root


def document(root: Element) -> bytes:
    """The answer as it is sent."""
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found


def add_header(parent: Element, change: Change, domain: str) -> None:
    """Say which resource it is, when it changed, and whether it is gone."""
    header = add(parent, "header", **({"status": "deleted"} if change.retired else {}))
    add(header, "identifier", identifier_of(change.resource.id, domain))
    add(header, "datestamp", stamp(change.changed))
    if change.dataset:
        add(header, "setSpec", set_of(change.dataset))


def add_record(
    parent: Element, change: Change, prefix: str, domain: str, aligned: Sequence[Aligned] = ()
) -> None:
    """Say all of a resource and, in LOM, to what it is aligned; of one that is gone, that it is."""
    record = add(parent, "record")
    add_header(record, change, domain)
    if not change.retired:
        metadata = add(record, "metadata")
        if prefix == "oai_dc":
            _add_dublin_core(metadata, change.resource)
        else:
            _add_lom(metadata, change.resource, aligned)


def _add_dublin_core(metadata: Element, resource: Resource) -> None:
    dc = SubElement(metadata, f"{{{OAI_DC}}}dc")
    said = {
        "title": resource.title,
        "description": resource.description,
        "subject": resource.subject,
        "type": resource.kind,
        "language": resource.language,
        "identifier": resource.url,
        "rights": resource.license,
    }
    for name, text in said.items():
        if text:
            _add(dc, DC, name, text, {})


def _add_lom(metadata: Element, resource: Resource, aligned: Sequence[Aligned]) -> None:
    lom, language = SubElement(metadata, f"{{{LOM}}}lom"), resource.language
    general = add(lom, "general")
    _add_string(general, "title", resource.title, language)
    if language:
        add(general, "language", language)
    _add_string(general, "description", resource.description, language)
    if resource.url:
        add(add(lom, "technical"), "location", resource.url)
    if resource.kind or resource.levels:
        educational = add(lom, "educational")
        if resource.kind:
            _add_word(educational, "learningResourceType", resource.kind)
        for level in resource.levels:
            _add_word(educational, "context", level)
    if resource.license:
        rights = add(lom, "rights")
        _add_string(rights, "description", resource.license, None)
    if resource.subject:
        classification = add(lom, "classification")
        _add_word(classification, "purpose", "discipline", "LOMv1.0")
        path = add(classification, "taxonPath")
        _add_string(add(path, "taxon"), "entry", resource.subject, language)
    for one in aligned:
        _add_alignment(lom, one)


def _add_alignment(lom: Element, aligned: Aligned) -> None:
    """Name an outcome; its framework by title for people, and by id for programs."""
    framework, outcome = aligned.framework, aligned.outcome
    classification = add(lom, "classification")
    purpose = next(word for word, relation in PURPOSES.items() if relation is aligned.relation)
    vocabulary = "gateways" if aligned.relation is Relation.ASSESSES else "LOMv1.0"
    _add_word(classification, "purpose", purpose, vocabulary)
    path = add(classification, "taxonPath")
    source = add(path, "source")
    add(source, "string", framework.title, language=framework.language or "x-none")
    add(source, "string", framework.id, language="x-none")
    taxon = add(path, "taxon")
    add(taxon, "id", outcome.id)
    _add_string(taxon, "entry", outcome.title, outcome.language)


def _add_string(parent: Element, name: str, text: str, language: str | None) -> None:
    if text:
        marked = {"language": language} if language else {}
        add(add(parent, name), "string", text, **marked)


def _add_word(parent: Element, name: str, word: str, vocabulary: str = "gateways") -> None:
    value = add(parent, name)
    add(value, "source", vocabulary)
    add(value, "value", word)


def _add(
    parent: Element, space: str, name: str, text: str, attributes: Mapping[str, str]
) -> Element:
    cleaned = {key: clean(value) for key, value in attributes.items()}
    element = SubElement(parent, f"{{{space}}}{name}", cleaned)
    element.text = clean(text)
    return element
