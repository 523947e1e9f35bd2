"""Who shares this gateway, what each has, and one of them in full."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from service.asking.registering import Health, register
from service.http.problems import existing
from service.parts import Here
from service.web.find.shown import kind_name
from service.web.rendering import page
from service.web.wording import message

router = APIRouter(include_in_schema=False)
HEALTHS: Final = {
    Health.FINISHED: message("finished"),
    Health.UNFINISHED: message("unfinished"),
    Health.FAILED: message("failed"),
    Health.NEVER: message("never harvested"),
}
COLOURS: Final = {Health.FINISHED: "good", Health.FAILED: "bad"}


@router.get("/platforms")
async def show_platforms(request: Request, parts: Here) -> Response:
    """Every platform in short, and what is of none."""

    def render() -> Response:
        return page(request, "platforms/platforms.html", register=register(parts.catalogue))

    return await run_sync(render)


@router.get("/platforms/{platform_id}")
async def show_platform(request: Request, parts: Here, platform_id: str) -> Response:
    """One platform: its frameworks, its resources by language, kind and licence, its sources."""

    def render() -> Response:
        catalogue = parts.catalogue
        there = {one.platform.id: one for one in register(catalogue) if one.platform}
        found = existing(there.get(platform_id), "platform", platform_id)
        return page(
            request,
            "platforms/platform.html",
            found=found,
            frameworks=catalogue.frameworks.by_id(),
            served=catalogue.register.served(platform_id),
            kinds={kind: kind_name(kind) for kind in found.holdings.kinds},
            healths=HEALTHS,
            colours=COLOURS,
        )

    return await run_sync(render)
