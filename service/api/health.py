"""Whether the service is alive and ready, and what it counts."""

from typing import Literal

import numpy as np
from anyio.to_thread import run_sync
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from data.catalogue import Catalogue
from data.errors import GatewaysError, UnavailableError
from models.snapshots.snapshot import Snapshot
from service.api.responses import errors
from service.parts import Here

router = APIRouter(tags=["operation"])


class Alive(BaseModel):
    """The process answers."""

    status: str = "alive"


class Ready(BaseModel):
    """All that is needed to suggest and to decide is there.

    It is `degraded` while another index is to be served than the one in use; `why` says what is
    the matter with that one.
    """

    status: Literal["ready", "degraded"]
    index: str
    model: str
    why: str | None


@router.get("/healthz")
async def report_alive() -> Alive:
    """Whether the process answers."""
    return Alive()


@router.get("/readyz", responses=errors(503))
async def report_ready(parts: Here) -> Ready:
    """Whether an index can be searched and the database be written; if not, what to do."""
    missing: list[str] = []
    try:
        await run_sync(_check_writable, parts.catalogue)
    except GatewaysError as error:
        missing.append(str(error))
    try:
        snapshot = parts.live.serving().snapshot
        await run_sync(_check_readable, snapshot)
    except UnavailableError as error:
        missing.append(str(error))
    if missing:
        raise UnavailableError("; ".join(missing))
    manifest, why = snapshot.manifest, parts.live.behind
    status: Literal["ready", "degraded"] = "degraded" if why else "ready"
    return Ready(status=status, index=manifest.id, model=manifest.model, why=why)


@router.get("/metrics", response_class=Response)
async def report_metrics(parts: Here) -> Response:
    """Counters in Prometheus's text format."""
    return Response(parts.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _check_writable(catalogue: Catalogue) -> None:
    # A rehearsal takes the lock that a change needs, and leaves nothing behind.
    with catalogue.intake("", rehearsal=True):
        pass


def _check_readable(snapshot: Snapshot) -> None:
    # Vectors may be with a server that does not answer; reading one costs next to nothing.
    snapshot.resources.vectors(np.arange(min(1, len(snapshot.resources.ids))))
