"""Naming platforms, changing and removing them, and saying which dataset is whose."""

import time
from collections.abc import Mapping

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.errors import ConflictError
from data.formats.fields import RowError
from data.platform_fields import LONGEST, LONGEST_NOTE, platform_of
from data.records import Platform
from service.http.problems import InvalidError, existing
from service.parts import Here, Parts
from service.web.forms import trimmed_texts
from service.web.rendering import page

router = APIRouter(include_in_schema=False)
HERE = "/administration/platforms"


@router.get(HERE)
async def show_platforms(request: Request, parts: Here) -> Response:
    """Every platform, whose each dataset is, and a form for a new one."""

    def render() -> Response:
        catalogue = parts.catalogue
        return page(
            request,
            "administration/platforms.html",
            platforms=catalogue.platforms.all(),
            datasets=catalogue.datasets.all(),
            owners=catalogue.platforms.of_datasets(),
            longest=LONGEST,
            longest_note=LONGEST_NOTE,
        )

    return await run_sync(render)


@router.post(HERE)
async def add_platform(request: Request, parts: Here) -> Response:
    """Note a platform that was not there."""
    sent = await trimmed_texts(request)

    def add() -> None:
        made = _platform(sent, time.time())
        if parts.catalogue.platforms.get(made.id) is not None:
            raise ConflictError(f"platform {made.id!r} is there already; choose another id")
        parts.catalogue.platforms.put(made)

    await run_sync(add)
    return RedirectResponse(HERE, 303)


@router.post("/administration/datasets")
async def assign_dataset(request: Request, parts: Here) -> Response:
    """Have a dataset be of a platform, or of none."""
    sent = await trimmed_texts(request)
    dataset, platform = sent.get("dataset", ""), sent.get("platform", "") or None
    await run_sync(parts.catalogue.platforms.assign, dataset, platform)
    return RedirectResponse(f"{HERE}#datasets", 303)


@router.get(f"{HERE}/{{id_}}")
async def show_platform(request: Request, parts: Here, id_: str) -> Response:
    """The form of one platform."""

    def render() -> Response:
        return page(
            request,
            "administration/platform.html",
            platform=_existing(parts, id_),
            datasets=parts.catalogue.platforms.datasets_of(id_),
            longest=LONGEST,
            longest_note=LONGEST_NOTE,
        )

    return await run_sync(render)


@router.post(f"{HERE}/{{id_}}")
async def change_platform(request: Request, parts: Here, id_: str) -> Response:
    """Put what was sent in place of what was said of a platform."""
    sent = await trimmed_texts(request)

    def change() -> None:
        kept = _existing(parts, id_)
        parts.catalogue.platforms.put(_platform({**sent, "id": id_}, kept.created))

    await run_sync(change)
    return RedirectResponse(HERE, 303)


@router.post(f"{HERE}/{{id_}}/remove")
async def remove_platform(parts: Here, id_: str) -> Response:
    """Forget a platform; its datasets stay."""
    await run_sync(parts.catalogue.platforms.remove, id_)
    return RedirectResponse(HERE, 303)


def _platform(sent: Mapping[str, str], created: float) -> Platform:
    languages = sent.get("languages", "").replace(",", " ").split()
    try:
        return platform_of({**sent, "languages": languages}, created)
    except RowError as error:
        raise InvalidError(f"#/{str(error).split(' ', 1)[0]}", str(error)) from None


def _existing(parts: Parts, id_: str) -> Platform:
    return existing(parts.catalogue.platforms.get(id_), "platform", id_)
