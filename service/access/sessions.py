"""Who is signed in, without asking the database at each request."""

import time
from collections import OrderedDict
from typing import Final

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from data.catalogue import Catalogue
from data.catalogue.hashing import digest_of
from data.catalogue.sessions import Session
from data.settings import Settings
from service.access.keyring import FRESH_SECONDS, Holder, KeyRing
from service.access.last_seen import LastSeen

COOKIE: Final = "session"
REMEMBERED: Final = 10_000
PROVIDER: Final = "openid "
"""How the source of those begins whom a provider of identities let in."""


class Sessions:
    """Begins, finds and ends sessions. What was ended elsewhere ends here a few seconds later."""

    def __init__(self, settings: Settings, catalogue: Catalogue, keys: KeyRing) -> None:
        self._idle = settings.session_idle * 60.0
        self._longest = settings.session_length * 3600.0
        self._provider = PROVIDER + (settings.oidc_issuer or "")
        self._is_secure = settings.public_url.startswith("https:")
        self._catalogue = catalogue
        self._keys = keys
        self._found: OrderedDict[str, tuple[float, Session | None]] = OrderedDict()
        self.seen = LastSeen(catalogue.sessions.note_seen, "sessions were seen")

    def is_secure(self, request: Request) -> bool:
        """Whether what a browser is given may travel encrypted alone."""
        return self._is_secure or request.url.scheme == "https"

    async def holder(self, token: bytes) -> Holder | None:
        """Who is signed in with that token, if they still are."""
        session = await self._session(token)
        if session is None or not session.holds(time.time(), self._idle):
            return None
        if session.source != self._provider and not await self._keys.lets_in(session.source):
            return None
        self.seen.mark(session.digest)
        return Holder(
            session.name,
            session.role,
            session.platform,
            session.learner,
            f"{session.source} {session.name}",
        )

    async def begin(self, request: Request, response: Response, holder: Holder) -> None:
        """Sign someone in with the browser that sent a request; a session it had before ends."""
        await self._end_in(request)
        now = time.time()
        ends = min(now + self._longest, holder.ends or float("inf"))

        def begin() -> str:
            return self._catalogue.sessions.begin(
                source=holder.source,
                name=holder.name,
                role=holder.role,
                platform=holder.platform,
                learner=holder.learner,
                now=now,
                ends=ends,
            )

        token = await run_sync(begin)
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(ends - now),
            httponly=True,
            samesite="strict",
            secure=self.is_secure(request),
        )

    async def end(self, request: Request, response: Response) -> None:
        """Sign out: here and now, and not only in the browser."""
        await self._end_in(request)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")

    async def _end_in(self, request: Request) -> None:
        if token := request.cookies.get(COOKIE, "").encode():
            await run_sync(self._catalogue.sessions.end, token)
            self._found.pop(digest_of(token), None)

    async def _session(self, token: bytes) -> Session | None:
        digest = digest_of(token)  # what a stranger sends for one may be as long as a header
        read, found = self._found.get(digest, (float("-inf"), None))
        if time.monotonic() - read > FRESH_SECONDS:
            found = await run_sync(self._catalogue.sessions.get, token)
            self._found[digest] = time.monotonic(), found
            self._found.move_to_end(digest)
            if len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return found
