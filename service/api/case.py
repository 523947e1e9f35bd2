"""Our frameworks at the paths of 1EdTech CASE 1.0 and 1.1, whose own documents describe them."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from data.formats.case.parts import ASSOCIATIONS, DOCUMENT, ITEMS, RUBRICS
from data.formats.case.tidying import Json, is_uuid
from data.formats.case.versions import Version, part_in
from service.api.etags import IfNoneMatch, matches, quoted
from service.case.filter import filtered, in_order, selected
from service.case.shelf import Stock
from service.case.status_info import CaseError
from service.parts import Here

router = APIRouter(prefix="/ims/case/{path_version}", include_in_schema=False)

DEFINED = {
    "CFAssociationGroupings": "CFAssociationGroupings",
    "CFConcepts": "CFConcepts",
    "CFItemTypes": "CFItemTypes",
    "CFLicenses": "CFLicenses",
    "CFRubrics": RUBRICS,
    "CFSubjects": "CFSubjects",
}
AS_SETS = frozenset({"CFConcepts", "CFItemTypes", "CFSubjects"})
"""Kinds of which one is answered with those below it in its hierarchy."""


async def _version(path_version: str) -> Version:
    versions: dict[str, Version] = {"v1p0": "1.0", "v1p1": "1.1"}
    if path_version not in versions:
        raise HTTPException(404, f"there is no CASE {path_version}; there is {', '.join(versions)}")
    return versions[path_version]


async def _identifier(identifier: str) -> str:
    if not is_uuid(identifier):
        raise CaseError(f"{identifier!r} is not a UUID", 404, "invaliduuid", "sourcedId")
    return identifier


def _stock(parts: Here) -> Stock:
    return parts.case.stock()


In = Annotated[Version, Depends(_version)]
Identifier = Annotated[str, Depends(_identifier)]
Stocked = Annotated[Stock, Depends(_stock)]


@router.get("/CFDocuments")
def list_case_documents(  # noqa: PLR0913, PLR0917 - as many as the standard has
    request: Request,
    parts: Here,
    stock: Stocked,
    version: In,
    limit: Annotated[int, Query(ge=1)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
    sort: str | None = None,
    order_by: Annotated[Literal["asc", "desc"], Query(alias="orderBy")] = "asc",
    filter_: Annotated[str | None, Query(alias="filter")] = None,
    fields: str | None = None,
) -> Response:
    """Every framework, a page at a time, with how many there are and where the others are."""
    documents = [part_in(version, DOCUMENT, one) for one in stock.documents()]
    found = in_order(filtered(documents, filter_), sort, descending=order_by == "desc")
    page = selected(found[offset : offset + limit], fields)
    here = parts.settings.public_url.rstrip("/") + request.url.path
    links = _links(here, dict(request.query_params), len(found), limit, offset)
    headers = {"X-Total-Count": str(len(found)), "Link": links}
    return JSONResponse({"CFDocuments": page}, headers=headers)


@router.get("/CFDocuments/{identifier}")
def read_case_document(stock: Stocked, version: In, identifier: Identifier) -> Response:
    """One framework, without its items."""
    found = _existing(stock.document(identifier), identifier)
    return JSONResponse(part_in(version, DOCUMENT, found))


@router.get("/CFPackages/{identifier}")
def read_case_package(
    stock: Stocked, version: In, identifier: Identifier, if_none_match: IfNoneMatch = None
) -> Response:
    """One framework with its items and all associations, alignments among them."""
    _existing(stock.document(identifier), identifier)
    headers = {"ETag": quoted(f"{stock.mark}-{version}"), "Cache-Control": "no-cache"}
    if if_none_match is not None and matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    body = stock.package_body(identifier, version)
    return Response(body, headers=headers, media_type="application/json")


@router.get("/CFItems/{identifier}")
def read_case_item(stock: Stocked, version: In, identifier: Identifier) -> Response:
    """One outcome."""
    found = _existing(stock.item(identifier), identifier)
    return JSONResponse(part_in(version, ITEMS, found))


@router.get("/CFItemAssociations/{identifier}")
def read_case_item_associations(stock: Stocked, version: In, identifier: Identifier) -> Response:
    """One outcome with all that leads from it or to it."""
    item = _existing(stock.item(identifier), identifier)
    associations = part_in(version, ASSOCIATIONS, stock.associations_of(identifier))
    return JSONResponse({"CFItem": part_in(version, ITEMS, item), ASSOCIATIONS: associations})


@router.get("/CFAssociations/{identifier}")
def read_case_association(stock: Stocked, version: In, identifier: Identifier) -> Response:
    """One association."""
    found = stock.association(identifier)
    (served,) = part_in(version, ASSOCIATIONS, [found] if found else []) or (None,)
    return JSONResponse(_existing(served, identifier))


@router.get("/{kind}/{identifier}")
def read_case_definition(
    kind: str, stock: Stocked, version: In, identifier: Identifier
) -> Response:
    """One definition or rubric of a framework; a concept, a type or a subject with those below."""
    if kind not in DEFINED:
        raise HTTPException(404, f"CASE has no {kind}")
    listed = stock.defined(DEFINED[kind])
    found = next((one for one in listed if one.get("identifier") == identifier), None)
    found = _existing(found, identifier)
    if kind not in AS_SETS:
        return JSONResponse(part_in(version, kind, found))
    family = [found, *_below(found, listed)]
    return JSONResponse({kind: part_in(version, kind, family)})


def _existing(found: Json | None, identifier: str) -> Json:
    if found is None:
        raise CaseError(f"there is nothing called {identifier}", 404, "unknownobject", "sourcedId")
    return found


def _below(one: Json, listed: list[Json]) -> list[Json]:
    code = one.get("hierarchyCode")
    return [other for other in listed if str(other.get("hierarchyCode")).startswith(f"{code}.")]


def _links(here: str, query: dict[str, Any], total: int, limit: int, offset: int) -> str:
    """The pages around this one, as a Link header has them (RFC 8288)."""
    last = max(total - 1, 0) // limit * limit
    places = {"first": 0, "last": last}
    if offset > 0:
        places["prev"] = max(offset - limit, 0)
    if offset + limit < total:
        places["next"] = offset + limit
    return ", ".join(
        f'<{here}?{urlencode(query | {"limit": limit, "offset": at})}>; rel="{name}"'
        for name, at in places.items()
    )
