"""Naming platforms, changing and removing them, and saying which dataset is whose."""

import time
from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.errors import ConflictError, FieldError, GatewaysError
from data.formats.fields import RowError
from data.platform_fields import LONGEST, LONGEST_NOTE, platform_of
from data.records import Platform
from service.http.problems import existing
from service.parts import Here, Parts
from service.web.administration.forms import form
from service.web.administration.naming import curricula_of_datasets
from service.web.forms import trimmed_texts

router = APIRouter(include_in_schema=False)
HERE: Final = "/administration/platforms"


@router.get(HERE)
async def show_platforms(request: Request, parts: Here) -> Response:
    """Every platform, whose each dataset is, and a form for a new one."""
    return await run_sync(_all, request, parts, {})


@router.post(HERE)
async def add_platform(request: Request, parts: Here) -> Response:
    """Note a platform that was not there; what is wrong is told beside its field."""
    sent = await trimmed_texts(request)

    def add() -> None:
        made = _platform(sent, time.time())
        if parts.catalogue.platforms.get(made.id) is not None:
            raise ConflictError(f"platform {made.id!r} is there already; choose another id")
        parts.catalogue.platforms.put(made, parts.key)

    try:
        await run_sync(add)
    except GatewaysError as error:
        return await run_sync(_all, request, parts, sent, error)
    return RedirectResponse(HERE, 303)


@router.post("/administration/datasets")
async def assign_dataset(request: Request, parts: Here) -> Response:
    """Have a dataset be of a platform, or of none."""
    sent = await trimmed_texts(request)
    dataset, platform = sent.get("dataset", ""), sent.get("platform", "") or None
    await run_sync(parts.catalogue.platforms.assign, dataset, platform, parts.key)
    return RedirectResponse(f"{HERE}#datasets", 303)


@router.get(f"{HERE}/{{id_}}")
async def show_platform(request: Request, parts: Here, id_: str) -> Response:
    """The form of one platform."""

    def render() -> Response:
        platform = _existing(parts, id_)
        return _one(request, parts, platform, _said(platform))

    return await run_sync(render)


@router.post(f"{HERE}/{{id_}}")
async def change_platform(request: Request, parts: Here, id_: str) -> Response:
    """Put what was sent in place of what was said of it; what is wrong is told beside its field."""
    sent = await trimmed_texts(request)
    kept = await run_sync(_existing, parts, id_)

    def change() -> None:
        changed = _platform({**sent, "id": id_}, kept.created)
        parts.catalogue.platforms.put(changed, parts.key)

    try:
        await run_sync(change)
    except GatewaysError as error:
        return await run_sync(_one, request, parts, kept, sent, error)
    return RedirectResponse(HERE, 303)


@router.post(f"{HERE}/{{id_}}/remove")
async def remove_platform(parts: Here, id_: str) -> Response:
    """Forget a platform; its datasets stay."""
    await run_sync(parts.catalogue.platforms.remove, id_, parts.key)
    return RedirectResponse(HERE, 303)


def _all(
    request: Request, parts: Parts, said: Mapping[str, str], error: GatewaysError | None = None
) -> Response:
    catalogue = parts.catalogue
    return form(
        request,
        "administration/platforms.html",
        said,
        error,
        HERE,
        platforms=catalogue.platforms.all(),
        datasets=catalogue.datasets.all(),
        owners=catalogue.platforms.of_datasets(),
        curricula=curricula_of_datasets(catalogue),
        longest=LONGEST,
        longest_note=LONGEST_NOTE,
    )


def _one(
    request: Request,
    parts: Parts,
    platform: Platform,
    said: Mapping[str, str],
    error: GatewaysError | None = None,
) -> Response:
    return form(
        request,
        "administration/platform.html",
        said,
        error,
        f"{HERE}/{platform.id}",
        platform=platform,
        datasets=parts.catalogue.platforms.datasets_of(platform.id),
        longest=LONGEST,
        longest_note=LONGEST_NOTE,
    )


def _said(platform: Platform) -> dict[str, str]:
    """A platform as its form has it."""
    said = {one.name: getattr(platform, one.name) or "" for one in fields(platform)}
    return said | {"languages": " ".join(platform.languages)}


def _platform(sent: Mapping[str, str], created: float) -> Platform:
    """The platform that a form makes. Raises FieldError."""
    languages = sent.get("languages", "").replace(",", " ").split()
    try:
        return platform_of({**sent, "languages": languages}, created)
    except RowError as error:
        field, _, reason = str(error).partition(" ")
        raise FieldError(field, reason) from None


def _existing(parts: Parts, id_: str) -> Platform:
    return existing(parts.catalogue.platforms.get(id_), "platform", id_)
