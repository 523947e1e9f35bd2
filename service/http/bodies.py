"""A limit to the size of request bodies, by what they state and by what comes in."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.problems import Answer

# A client that is cut off while it sends may never read the answer, so this much is still taken in
# and thrown away.
DRAINED = 100 * 2**20


class BodyLimit:
    """Answers 413 to bodies that are too long, whether or not they state their length.

    A body may have `most` bytes; one that is sent to a path in `larger` as many as stand there.
    `answer` says so.
    """

    def __init__(self, app: ASGIApp, most: int, larger: Mapping[str, int], answer: Answer) -> None:
        self._app = app
        self._answer = answer
        self._most = most
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a `receive` that counts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._larger.get(scope["path"], self._most)
        if _stated(scope) > most:
            await _drain(receive)
            response = self._answer(Request(scope), _refusal(most))
            await response(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, most), send)


def _counted(receive: Receive, most: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            if message.get("more_body"):
                await _drain(receive)
            raise _refusal(most)
        return message

    return counted


def _refusal(most: int) -> HTTPException:
    return HTTPException(413, f"the body is longer than {most:,} bytes; send less at a time")


def _stated(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() else 0


async def _drain(receive: Receive) -> None:
    thrown_away, more = 0, True
    while more and thrown_away < DRAINED:
        message = await receive()
        thrown_away += len(message.get("body", b""))
        more = message.get("more_body", False)
