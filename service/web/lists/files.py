"""A list to take along: as a table, a spreadsheet or a cartridge for a learning platform."""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from data.formats.lists.cartridge import imscc_of
from data.formats.lists.lines import Listed
from data.formats.lists.table import Words, csv_of
from data.list_exporter import listed
from service.http.problems import existing
from service.parts import Here
from service.web import wording
from service.web.find.shown import kind_name
from service.web.languages import language_name
from service.web.wording import Wording, message

router = APIRouter(include_in_schema=False)
COLUMNS: Final = (
    message("Position"),
    message("Title"),
    message("Address"),
    message("Kind"),
    message("Language"),
    message("Level"),
    message("Licence"),
    message("Outcomes"),
    message("Note"),
)
FILES: Final = (
    ("csv", message("A table (CSV)")),
    ("xlsx", message("A spreadsheet (Excel)")),
    ("imscc", message("A cartridge for Moodle, Canvas and others (Common Cartridge)")),
)
"""The endings of what is offered, and what each is."""

_TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "imscc": "application/vnd.ims.imsccv1p3",
}


@router.get("/lists/{list_id}.csv")
async def send_table(request: Request, parts: Here, list_id: str) -> Response:
    """The list as CSV, in the reader's words."""
    words = _words(wording.chosen(request))
    return await _sent(request, parts, list_id, "csv", lambda found: csv_of(found, words))


@router.get("/lists/{list_id}.xlsx")
async def send_spreadsheet(request: Request, parts: Here, list_id: str) -> Response:
    """The list as a spreadsheet, in the reader's words."""
    # What writes them is a tenth of all that a server loads, and few ask for one.
    from data.formats.lists.spreadsheet import xlsx_of

    words = _words(wording.chosen(request))
    return await _sent(request, parts, list_id, "xlsx", lambda found: xlsx_of(found, words))


@router.get("/lists/{list_id}.imscc")
async def send_cartridge(request: Request, parts: Here, list_id: str) -> Response:
    """The list as a Common Cartridge."""
    return await _sent(request, parts, list_id, "imscc", imscc_of)


async def _sent(
    request: Request, parts: Here, list_id: str, ending: str, written: Callable[[Listed], bytes]
) -> Response:
    def make() -> Response:
        kept = existing(parts.catalogue.lists.get(list_id), "list", list_id)
        content = written(listed(parts.catalogue, kept, str(request.base_url)))
        headers = {
            "Content-Disposition": f"attachment; {_named(kept.title, ending)}",
            "Cache-Control": "no-store",
            "Vary": "Accept-Language, Cookie",
        }
        return Response(content, 200, headers, _TYPES[ending])

    return await run_sync(make)


def _named(title: str, ending: str) -> str:
    """The file's name for a browser: the title, in any script (RFC 6266)."""
    name = "".join(" " if letter in '/\\:*?"<>|' else letter for letter in title).strip(" .")
    return f"filename=\"list.{ending}\"; filename*=UTF-8''{quote(name or 'list', safe='')}.{ending}"


def _words(spoken: Wording) -> Words:
    def said(text: str) -> str:
        return str(spoken.messages.gettext(text))

    return Words(
        columns=[said(column) for column in COLUMNS],
        kind=lambda kind: said(kind_name(kind)) if kind else "",
        language=language_name,
        is_rtl=spoken.direction == "rtl",
    )
