"""What a running service is made of, and how a route gets at it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from data.catalogue import Catalogue
from data.settings import Settings
from service.answering import Ahead
from service.batching import Batcher
from service.case_shelf import CaseShelf
from service.keyring import KeyRing
from service.learning import Learning
from service.live import Live
from service.lti.tool import Tool
from service.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Parts:
    """One of each."""

    settings: Settings
    catalogue: Catalogue
    live: Live
    learning: Learning
    batcher: Batcher
    metrics: Metrics
    keys: KeyRing
    ahead: Ahead
    case: CaseShelf
    lti: Tool


async def _parts(request: Request) -> Parts:  # a coroutine, since others cost a thread
    found: Parts = request.app.state.parts
    return found


Here = Annotated[Parts, Depends(_parts)]
