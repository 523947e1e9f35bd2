"""A list as an IMS Common Cartridge 1.3: a web link for each resource, in the list's order."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element

from data.formats.lists.elements import document, element
from data.formats.lists.lines import Line, Listed, called
from data.formats.lrmi.schema_org import licence_url
from data.records import Outcome

_CC: Final = "http://www.imsglobal.org/xsd/imsccv1p3"
_LOM: Final = "http://ltsc.ieee.org/xsd/imsccv1p3/LOM"
_AT: Final = "http://www.imsglobal.org/profile/cc/ccv1p3"
_SCHEMAS: Final = (
    (f"{_CC}/imscp_v1p1", f"{_AT}/ccv1p3_imscp_v1p2_v1p0.xsd"),
    (f"{_LOM}/manifest", f"{_AT}/LOM/ccv1p3_lommanifest_v1p0.xsd"),
    (f"{_LOM}/resource", f"{_AT}/LOM/ccv1p3_lomresource_v1p0.xsd"),
)
_WEB_LINK: Final = ((f"{_CC}/imswl_v1p3", f"{_AT}/ccv1p3_imswl_v1p3.xsd"),)
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_FIRST_YEAR: Final = 1980  # of which a zip can tell


def imscc_of(listed: Listed) -> bytes:
    """The cartridge: the same bytes for the same list.

    What is not in the catalogue any more has no link, so it is left out.
    """
    lines = [line for line in listed.lines if line.resource is not None]
    changed = datetime.fromtimestamp(listed.list.updated, UTC)
    stamp = (max(changed.year, _FIRST_YEAR), *changed.timetuple()[1:6])
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        files = {"imsmanifest.xml": _manifest(listed, lines)} | {
            _file(line): _web_link(line) for line in lines
        }
        for name, root in files.items():
            entry = zipfile.ZipInfo(name, stamp)
            archive.writestr(entry, document(root), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _manifest(listed: Listed, lines: Sequence[Line]) -> Element:
    name = hashlib.sha256(listed.list.id.encode()).hexdigest()[:32]
    return element(
        "manifest",
        element(
            "metadata",
            element("schema", "IMS Common Cartridge"),
            element("schemaversion", "1.3.0"),
            _of_list(listed),
        ),
        element(
            "organizations",
            element(
                "organization",
                element("item", *map(_item, lines), identifier="root"),
                identifier="organization",
                structure="rooted-hierarchy",
            ),
        ),
        element("resources", *map(_resource, lines)),
        identifier=f"list-{name}",
        xmlns=_SCHEMAS[0][0],
        xmlns__lomm=f"{_LOM}/manifest",
        xmlns__lomr=f"{_LOM}/resource",
        **_located(_SCHEMAS),
    )


def _item(line: Line) -> Element:
    names = {"identifier": f"item-{line.position}", "identifierref": f"link-{line.position}"}
    return element("item", element("title", line.title), **names)


def _resource(line: Line) -> Element:
    return element(
        "resource",
        element("metadata", _of_line(line)),
        element("file", href=_file(line)),
        identifier=f"link-{line.position}",
        type="imswl_xmlv1p3",
    )


def _file(line: Line) -> str:
    return f"links/{line.position}.xml"


def _web_link(line: Line) -> Element:
    return element(
        "webLink",
        element("title", line.title),
        element("url", href=line.address, target="_blank"),
        xmlns=_WEB_LINK[0][0],
        **_located(_WEB_LINK),
    )


def _located(schemas: Iterable[tuple[str, str]]) -> dict[str, str]:
    places = " ".join(f"{space} {place}" for space, place in schemas)
    return {"xmlns__xsi": _INSTANCE, "xsi__schemaLocation": places}


def _of_list(listed: Listed) -> Element:
    about = [_string("lomm:title", listed.list.title)]
    if listed.list.note:
        about.append(_string("lomm:description", listed.list.note))
    return element("lomm:lom", element("lomm:general", *about))


def _of_line(line: Line) -> Element:
    """What the catalogue says of a resource, and what the teacher notes, as LOM."""
    parts = [element("lomr:general", *_general(line))]
    if line.resource and line.resource.license:
        parts.append(_rights(line.resource.license))
    if line.outcomes:
        paths = map(_taxon_path, line.outcomes)
        purpose = _word("lomr:purpose", "educational objective")
        parts.append(element("lomr:classification", purpose, *paths))
    return element("lomr:lom", *parts)


def _general(line: Line) -> Iterator[Element]:
    resource = line.resource
    language = resource.language if resource else None
    yield _string("lomr:title", line.title, language)
    if language:
        yield element("lomr:language", language)
    if resource and resource.description:
        yield _string("lomr:description", resource.description, language)
    if line.note:
        yield _string("lomr:description", line.note)


def _rights(licence: str) -> Element:
    address = licence_url(licence)
    said = licence if address == licence else f"{licence} ({address})"
    is_free = licence.startswith("CC0")
    restricted = _word("lomr:copyrightAndOtherRestrictions", "no" if is_free else "yes")
    return element("lomr:rights", restricted, _string("lomr:description", said))


def _taxon_path(outcome: Outcome) -> Element:
    return element(
        "lomr:taxonPath",
        _string("lomr:source", outcome.framework),
        element(
            "lomr:taxon",
            element("lomr:id", outcome.id),
            _string("lomr:entry", called(outcome), outcome.language),
        ),
    )


def _string(name: str, text: str, language: str | None = None) -> Element:
    prefix = name.partition(":")[0]
    return element(name, element(f"{prefix}:string", text, language=language))


def _word(name: str, word: str) -> Element:
    prefix = name.partition(":")[0]
    source, value = element(f"{prefix}:source", "LOMv1.0"), element(f"{prefix}:value", word)
    return element(name, source, value)
