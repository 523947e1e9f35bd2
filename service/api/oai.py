"""OAI-PMH 2.0: others harvest our resources as Dublin Core or LOM, retired ones as deleted."""

import time
from collections.abc import Callable, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from data.catalogue.changes import Change
from data.errors import GatewaysError
from service.api.oai_aligned import aligned_of
from service.api.oai_names import dataset_of, resources_of, set_of, stamp
from service.api.oai_questions import LISTS, AskedError, bad_token, checked, selection
from service.api.oai_xml import SCHEMAS, add, add_header, add_record, document, envelope
from service.parts import Here, Parts

router = APIRouter(include_in_schema=False)
PER_PAGE: Final = 100
_UNSAID: Final = frozenset({"badVerb", "badArgument"})


@router.get("/oai")
async def answer_get(request: Request, parts: Here) -> Response:
    """Answer what the address asks."""
    return await run_sync(_answered, request, parts, request.query_params.multi_items())


@router.post("/oai")
async def answer_post(request: Request, parts: Here) -> Response:
    """Answer what a form asks."""
    async with request.form() as sent:
        pairs = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
    return await run_sync(_answered, request, parts, pairs)


def _answered(request: Request, parts: Parts, pairs: list[tuple[str, str]]) -> Response:
    url, now = str(request.url.replace(query="", fragment="")), time.time()
    try:
        asked = checked(pairs)
        root = envelope(url, asked, now)
        _VERBS[asked["verb"]](parts, asked, root, url)
    except AskedError as error:
        root = envelope(url, {} if error.code in _UNSAID else dict(pairs), now)
        add(root, "error", str(error), code=error.code)
    return Response(document(root), media_type="text/xml; charset=utf-8")


def _identify(parts: Parts, _asked: Mapping[str, str], root: Element, url: str) -> None:
    found = add(root, "Identify")
    domain = parts.settings.oai_domain
    said = {
        "repositoryName": f"Gateways at {domain}",
        "baseURL": url,
        "protocolVersion": "2.0",
        "adminEmail": f"webmaster@{domain}",
        "earliestDatestamp": stamp(parts.catalogue.changes.earliest()),
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }
    for name, text in said.items():
        add(found, name, text)


def _list_formats(parts: Parts, asked: Mapping[str, str], root: Element, _url: str) -> None:
    if "identifier" in asked:
        _existing(parts, asked["identifier"])
    found = add(root, "ListMetadataFormats")
    for prefix, (namespace, schema) in SCHEMAS.items():
        offered = add(found, "metadataFormat")
        add(offered, "metadataPrefix", prefix)
        add(offered, "schema", schema)
        add(offered, "metadataNamespace", namespace)


def _list_sets(parts: Parts, asked: Mapping[str, str], root: Element, _url: str) -> None:
    if "resumptionToken" in asked:  # all are on one page
        raise bad_token()
    found = add(root, "ListSets")
    datasets = parts.catalogue.datasets.all()
    if not datasets:
        raise AskedError("noSetHierarchy", "there is no dataset")
    for dataset in datasets:
        one = add(found, "set")
        add(one, "setSpec", set_of(dataset.name))
        add(one, "setName", dataset.name)


def _get_record(parts: Parts, asked: Mapping[str, str], root: Element, _url: str) -> None:
    change = _existing(parts, asked["identifier"])
    aligned = aligned_of(parts.catalogue, [change.resource.id])[change.resource.id]
    domain = parts.settings.oai_domain
    add_record(add(root, "GetRecord"), change, asked["metadataPrefix"], domain, aligned)


def _list(parts: Parts, asked: Mapping[str, str], root: Element, _url: str) -> None:
    wanted, domain = selection(asked), parts.settings.oai_domain
    try:
        page = parts.catalogue.changes.page(
            since=wanted.since,
            before=wanted.before,
            dataset=dataset_of(wanted.set_) if wanted.set_ else None,
            after=wanted.cursor,
            limit=PER_PAGE,
        )
    except GatewaysError:
        if wanted.cursor is None:
            raise
        raise bad_token() from None
    if not page.items and wanted.cursor is None:
        raise AskedError("noRecordsMatch", "nothing is like that")
    found = add(root, asked["verb"])
    whole = asked["verb"] == "ListRecords"
    shown = [change.resource.id for change in page.items] if whole else []
    aligned = aligned_of(parts.catalogue, shown)
    for change in page.items:
        if whole:
            add_record(found, change, wanted.prefix, domain, aligned[change.resource.id])
        else:
            add_header(found, change, domain)
    if page.next is not None:
        add(found, "resumptionToken", wanted.token(page.next))
    elif wanted.cursor is not None:
        add(found, "resumptionToken")


def _existing(parts: Parts, identifier: str) -> Change:
    for resource_id in resources_of(identifier, parts.settings.oai_domain):
        if (change := parts.catalogue.changes.of(resource_id)) is not None:
            return change
    raise AskedError("idDoesNotExist", "there is no such resource")


_VERBS: Final[Mapping[str, Callable[[Parts, Mapping[str, str], Element, str], None]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "GetRecord": _get_record,
    **dict.fromkeys(LISTS, _list),
}
