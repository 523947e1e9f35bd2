"""A limit to the size of request bodies, by what they state and by what comes in."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import problem_of, problem_response

# A client that is cut off while it sends may never read the answer, so this much is still taken in
# and thrown away.
DRAINED = 100 * 2**20


class BodyLimit:
    """Answers 413 to bodies of more than `most` bytes, whether or not they state their length."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a `receive` that counts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _stated(scope) > self._most:
            await _drain(receive)
            response = problem_response(problem_of(self._refusal(), scope["path"]))
            await response(scope, receive, send)
        else:
            await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._most:
                if message.get("more_body"):
                    await _drain(receive)
                raise self._refusal()
            return message

        return counted

    def _refusal(self) -> HTTPException:
        return HTTPException(
            413, f"the body is longer than {self._most:,} bytes; send less at a time"
        )


def _stated(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() else 0


async def _drain(receive: Receive) -> None:
    thrown_away, more = 0, True
    while more and thrown_away < DRAINED:
        message = await receive()
        thrown_away += len(message.get("body", b""))
        more = message.get("more_body", False)
