"""Answers as many requests at once as it can keep, and none that nobody waits for any more."""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.problems import Answer, BusyError

MOST: Final = 1000
"""Requests at once. What they wait for, a thread or the database, has no bound of its own."""

ALWAYS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Attended:
    """Refuses requests beyond MOST, and cancels one whose client has gone.

    What runs in a thread then runs to its end: a decision is kept or not, never half.
    """

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self._app = app
        self._answer = answer
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._under_way >= MOST and scope["path"] not in ALWAYS:
            error = BusyError(f"{self._under_way:,} requests are under way; try again in a moment")
            await self._answer(Request(scope), error)(scope, receive, send)
            return
        self._under_way += 1
        try:
            await _while_awaited(self._app, scope, _Incoming(receive), send)
        finally:
            self._under_way -= 1


class _Incoming:
    """What a client sends: its body, for the application, and then that it has gone."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._first: Message | None = None
        self._is_read = asyncio.Event()
        self._has_gone = asyncio.Event()

    async def receive(self) -> Message:
        """The next message, as the application has it."""
        if self._first is not None:
            message, self._first = self._first, None
            return message
        if self._is_read.is_set():
            await self._has_gone.wait()
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._note(message)
        return message

    async def look_ahead(self) -> None:
        """Take in a body of nothing, which the application may never ask for."""
        self._first = await self._receive()
        self._note(self._first)

    async def gone(self) -> None:
        """Return when nobody waits for the answer."""
        await self._is_read.wait()
        while not self._has_gone.is_set():
            self._note(await self._receive())

    def _note(self, message: Message) -> None:
        if message["type"] == "http.disconnect":
            self._has_gone.set()
        if not message.get("more_body"):
            self._is_read.set()


async def _while_awaited(app: ASGIApp, scope: Scope, incoming: _Incoming, send: Send) -> None:
    is_answered = False

    async def answering(message: Message) -> None:
        nonlocal is_answered
        # Before it is sent: who has the whole answer goes, and what is left to do is done.
        is_answered |= message["type"] == "http.response.body" and not message.get("more_body")
        await send(message)

    if scope["method"] in WITHOUT_BODY:
        await incoming.look_ahead()
    work = asyncio.ensure_future(app(scope, incoming.receive, answering))
    watch = asyncio.ensure_future(incoming.gone())
    is_left = True
    try:
        await asyncio.wait((work, watch), return_when=asyncio.FIRST_COMPLETED)
        is_left = not work.done() and not is_answered
    finally:
        watch.cancel()
        if is_left:
            work.cancel()
    # A cancelled one is of interest to nobody; whatever else it raises goes its way.
    with suppress(*([asyncio.CancelledError] if is_left else [])):
        await work
