"""What a running service is made of, and how a route gets at it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from data.catalogue import Catalogue
from data.settings import Settings
from service.access.keyring import Holder, KeyRing
from service.access.sessions import Sessions
from service.case.shelf import CaseShelf
from service.engine.answering import Ahead
from service.engine.batching import Batcher
from service.engine.keeping import Keeper
from service.engine.learning import Learning
from service.engine.live import Live
from service.engine.readiness import Readiness
from service.engine.turns import Turns
from service.http.metrics import Metrics
from service.lti.tool import Tool

if TYPE_CHECKING:
    from service.access.oidc.login import Login


@dataclass(frozen=True, slots=True)
class Parts:
    """One of each, and who asks, if they came with a key."""

    settings: Settings
    catalogue: Catalogue
    live: Live
    learning: Learning
    batcher: Batcher
    turns: Turns
    metrics: Metrics
    keys: KeyRing
    ahead: Ahead
    keeper: Keeper
    case: CaseShelf
    lti: Tool
    readiness: Readiness
    sessions: Sessions
    login: "Login | None"
    holder: Holder | None = None

    @property
    def platform(self) -> str | None:
        """The platform that the asker's key is for; None if it is for all."""
        return self.holder.platform if self.holder else None

    @property
    def key(self) -> str:
        """What let the asker in, which the trail keeps in place of a name; "" where nothing did."""
        return self.holder.source if self.holder else ""

    def signed(self, name: str) -> str:
        """The name that what the asker does is kept under: their key's, else what they say."""
        return (self.holder and self.holder.name) or name


async def _parts(request: Request) -> Parts:  # a coroutine, since others cost a thread
    found: Parts = request.app.state.parts
    holder = request.scope.get("state", {}).get("holder")
    return replace(found, holder=holder) if holder else found


Here = Annotated[Parts, Depends(_parts)]
