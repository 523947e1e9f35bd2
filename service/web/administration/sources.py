"""Adding, changing and removing the sources that are harvested."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.errors import GatewaysError
from data.formats.fields import ID_LIMIT
from data.harvesting.noting import LONGEST, change, note
from data.harvesting.timetable import EVERY
from data.records import Source
from service.http.problems import existing
from service.parts import Here, Parts
from service.web.administration.forms import form
from service.web.forms import trimmed_texts
from service.web.wording import message

router = APIRouter(include_in_schema=False)
ALL: Final = "/administration#harvested"
HERE: Final = "/administration/sources"
OFTEN: Final = {
    "": message("When someone starts it"),
    "1": message("Every hour"),
    "6": message("Every six hours"),
    "24": message("Every day"),
    "168": message("Every week"),
    "720": message("Every month"),
}
"""Hours between two harvests, as they are chosen on the page."""


@router.get(HERE)
async def ask_for_source(request: Request, parts: Here, kind: str = "case") -> Response:
    """The form of a new source of frameworks (`case`) or of resources (`oai`)."""
    return await run_sync(_form, request, parts, {"kind": kind})


@router.post(HERE)
async def add_source(request: Request, parts: Here) -> Response:
    """Note a source; what is wrong is told beside its field."""
    sent = await trimmed_texts(request)
    try:
        await run_sync(note, parts.catalogue, sent, parts.key)
    except GatewaysError as error:
        return await run_sync(_form, request, parts, sent, None, error)
    return RedirectResponse(ALL, 303)


@router.get(f"{HERE}/{{name:path}}")
async def show_source(request: Request, parts: Here, name: str) -> Response:
    """The form of a source that is there."""

    def render() -> Response:
        source = existing(parts.catalogue.sources.get(name), "source", name)
        said = {**source.options, "platform": source.platform or ""}
        return _form(request, parts, said, source)

    return await run_sync(render)


@router.post(f"{HERE}/{{name:path}}/change")
async def change_source(request: Request, parts: Here, name: str) -> Response:
    """Put what was sent in place of its options; what is wrong is told beside its field."""
    sent = await trimmed_texts(request)
    source = existing(await run_sync(parts.catalogue.sources.get, name), "source", name)
    try:
        await run_sync(change, parts.catalogue, name, sent, parts.key)
    except GatewaysError as error:
        return await run_sync(_form, request, parts, sent, source, error)
    return RedirectResponse(ALL, 303)


@router.post(f"{HERE}/{{name:path}}/remove")
async def remove_source(parts: Here, name: str) -> Response:
    """Forget a source; what it brought stays."""
    await run_sync(parts.catalogue.sources.remove, name, parts.key)
    return RedirectResponse("/administration", 303)


def _form(
    request: Request,
    parts: Parts,
    said: Mapping[str, str],
    source: Source | None = None,
    error: GatewaysError | None = None,
) -> Response:
    kind = "oai" if (source.kind if source else said.get("kind")) == "oai" else "case"
    often = said.get(EVERY, "")
    return form(
        request,
        "administration/source.html",
        said,
        error,
        f"{HERE}?kind={kind}" if source is None else f"{HERE}/{quote(source.name)}",
        source=source,
        kind=kind,
        platforms=parts.catalogue.platforms.all(),
        often=OFTEN if often in OFTEN else OFTEN | {often: often},
        longest=LONGEST,
        longest_name=ID_LIMIT,
    )
