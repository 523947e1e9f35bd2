"""Whether the service is alive and ready, and what it counts."""

from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from data.errors import UnavailableError
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
    """Whether an index can be searched and the database be used; if not, what to do.

    Answered within seconds, whatever is being written meanwhile.
    """
    if missing := await parts.readiness.missing():
        raise UnavailableError("; ".join(missing))
    manifest, why = parts.live.serving().snapshot.manifest, parts.live.behind
    status: Literal["ready", "degraded"] = "degraded" if why else "ready"
    return Ready(status=status, index=manifest.id, model=manifest.model, why=why)


@router.get("/metrics", response_class=Response)
async def report_metrics(parts: Here) -> Response:
    """Counters in Prometheus's text format."""
    return Response(parts.metrics.text(), media_type=CONTENT_TYPE_LATEST)
