"""Which processes serve, and whether each has taken the index that is to be served."""

import time
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from data.catalogue.servers import State
from service.parts import Here
from service.web.rendering import page
from service.web.wording import message

router = APIRouter(include_in_schema=False)

STATES: Final = {
    State.CURRENT: message("up to date"),
    State.BEHIND: message("behind"),
    State.WITHOUT: message("without an index"),
    State.SILENT: message("silent"),
}


@router.get("/administration/servers")
async def show_servers(request: Request, parts: Here) -> Response:
    """Every process that was heard of lately."""

    def render() -> Response:
        now, wanted = time.time(), parts.catalogue.servers.wanted()
        found = [(one, one.state(wanted, now)) for one in parts.catalogue.servers.all(now)]
        return page(
            request,
            "administration/servers.html",
            wanted=wanted,
            servers=found,
            states=STATES,
            is_complete=all(state is State.CURRENT for _, state in found),
        )

    return await run_sync(render)
