"""Lists as pages: mine, one to read and to change, and the way to put a resource on it."""

import secrets
import time
from dataclasses import replace
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.records import ResourceList
from service.http.problems import InvalidError, existing
from service.parts import Here, Parts
from service.web.find.shown import Card
from service.web.forms import text_in
from service.web.lists import changes, files
from service.web.lists.mine import mine
from service.web.lists.sent import LONGEST_TITLE, Change, change_of, title_in
from service.web.preferences import NOBODY, name_of
from service.web.rendering import page

router = APIRouter(include_in_schema=False)
router.include_router(files.router)  # before the page, which any name is an id to


@router.get("/lists")
async def show_lists(request: Request, parts: Here, resource: str = "") -> Response:
    """The reader's lists and a form for a new one; `resource` is to be put on one of them."""

    def render() -> Response:
        kept = parts.catalogue.resources.get(resource) if resource else None
        card = Card(resource=existing(kept, "resource", resource)) if resource else None
        lists = mine(request, parts.catalogue)
        return page(request, "lists/lists.html", mine=lists, card=card, longest=LONGEST_TITLE)

    return await run_sync(render)


@router.post("/lists")
async def begin_list(request: Request, parts: Here) -> Response:
    """Make a list, with a resource on it if one was sent."""
    sent = await request.form()
    if (owner := name_of(request)) == NOBODY:
        raise InvalidError("#/name", "say under which name you keep lists first")
    now = time.time()
    new = ResourceList(
        id=secrets.token_urlsafe(12),
        title=title_in(parts.settings, sent),
        owner=owner,
        created=now,
        updated=now,
    )
    if resource := text_in(sent, "resource"):
        await run_sync(_check_resource, parts, resource)
        new = changes.added(new, resource)
    await run_sync(parts.catalogue.lists.add, new)
    return RedirectResponse(f"/lists/{new.id}", 303)


@router.post("/lists/add")
async def add_to_list(request: Request, parts: Here) -> Response:
    """Put a resource on a list and go back to where that was asked for."""
    sent = await request.form()
    resource, list_id, outcome = (text_in(sent, name) for name in ("resource", "list", "outcome"))
    await run_sync(_check_resource, parts, resource)
    await _change(request, parts, list_id, lambda kept: changes.added(kept, resource))
    if outcome:
        return RedirectResponse(f"/outcomes/{quote(outcome)}#resources", 303)
    return RedirectResponse(f"/resources/{quote(resource)}#lists", 303)


@router.get("/lists/{list_id}")
async def show_list(request: Request, parts: Here, list_id: str) -> Response:
    """A list, for whoever has its link."""

    def render() -> Response:
        shown = existing(parts.catalogue.lists.get(list_id), "list", list_id)
        resources = parts.catalogue.resources.many(
            (item.resource for item in shown.items), live=True
        )
        return page(
            request,
            "lists/list.html",
            shown=shown,
            cards={id_: Card(resource=one) for id_, one in resources.items()},
            is_mine=_is_mine(request, shown),
            address=str(request.url_for("show_list", list_id=list_id)),
            longest=LONGEST_TITLE,
            files=files.FILES,
        )

    return await run_sync(render)


@router.post("/lists/{list_id}")
async def change_list(request: Request, parts: Here, list_id: str) -> Response:
    """Do what the button that was pressed says, and go back to the list."""
    sent = await request.form()
    await _change(request, parts, list_id, change_of(parts.settings, sent))
    part = "top" if "renamed" in sent else "items"
    return RedirectResponse(f"/lists/{quote(list_id)}#{part}", 303)


@router.get("/lists/{list_id}/delete")
async def ask_before_deleting(request: Request, parts: Here, list_id: str) -> Response:
    """Whether the list is really to go."""
    shown = await run_sync(parts.catalogue.lists.get, list_id)
    _check_mine(request, existing(shown, "list", list_id))
    return page(request, "lists/delete.html", shown=shown)


@router.post("/lists/{list_id}/delete")
async def delete_list(request: Request, parts: Here, list_id: str) -> Response:
    """Delete a list for good."""
    shown = await run_sync(parts.catalogue.lists.get, list_id)
    _check_mine(request, existing(shown, "list", list_id))
    await run_sync(parts.catalogue.lists.remove, list_id)
    return RedirectResponse("/lists", 303)


async def _change(request: Request, parts: Parts, list_id: str, change: Change) -> None:
    def changed(kept: ResourceList) -> ResourceList:
        _check_mine(request, kept)
        return replace(change(kept), updated=time.time())

    await run_sync(parts.catalogue.lists.change, list_id, changed)


def _is_mine(request: Request, kept: ResourceList) -> bool:
    return kept.owner == name_of(request)


def _check_mine(request: Request, kept: ResourceList) -> None:
    if not _is_mine(request, kept):
        raise HTTPException(403, "only who made a list may change it; copy what you need to yours")


def _check_resource(parts: Parts, resource: str) -> None:
    existing(parts.catalogue.resources.get(resource), "resource", resource)
