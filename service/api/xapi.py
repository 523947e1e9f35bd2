"""xAPI 1.0.3: where learning platforms send their statements, and ask for them."""

import re
import time
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from data.errors import GatewaysError, NotFoundError
from data.formats.fields import RowError
from data.formats.lines import decode_json, json_fault
from data.formats.xapi.statement import uuid_in
from data.formats.xapi.writer import moment
from service.api.bad_requests import BadRequestRoute
from service.api.xapi_questions import Question, question_of
from service.asking import experienced
from service.deciding.experiencing import keep
from service.http.problems import InvalidError, headers_of, problem_of, problem_response
from service.parts import Here, Parts

VERSION: Final = "1.0.3"
HEADER: Final = "X-Experience-API-Version"
CONSISTENT: Final = "X-Experience-API-Consistent-Through"
ABOUT: Final = "/xapi/about"
STATEMENTS: Final = "/xapi/statements"
_SPOKEN: Final = re.compile(r"1\.0(?:\.\d+)?")


class StatementRoute(BadRequestRoute):
    """Checks the version that a client speaks, and answers with ours, whatever it answers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler between the two."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                _check_version(request)
                response = await handle(request)
            except (GatewaysError, HTTPException, RequestValidationError) as error:
                problem = problem_of(error, request.scope["path"])
                response = problem_response(problem, headers_of(error))
            response.headers[HEADER] = VERSION
            return response

        return answer


# Described by the standard itself.
router = APIRouter(prefix="/xapi", route_class=StatementRoute, include_in_schema=False)


@router.get("/about")
async def tell_about() -> JSONResponse:
    """Which versions are spoken here."""
    return JSONResponse({"version": [VERSION]})


@router.post("/statements")
async def keep_statements(request: Request, parts: Here) -> JSONResponse:
    """Keep one statement or a list of them, all or none, and tell their ids in their order."""
    body = await _body(request)
    raws = body if isinstance(body, list) else [body]
    return JSONResponse(await run_sync(_keep, parts, raws, str(request.base_url)))


@router.put("/statements")
async def keep_statement(
    request: Request, parts: Here, statement_id: Annotated[str, Query(alias="statementId")]
) -> Response:
    """Keep one statement under the id in the address."""
    body = await _body(request)
    if not isinstance(body, dict):
        raise InvalidError("#", "a statement is one object; send a list of them by POST")
    id_ = _uuid(statement_id, "?statementId")
    if _uuid(body.setdefault("id", id_), "#/id") != id_:
        raise InvalidError("#/id", "it is not the statementId of the address")
    await run_sync(_keep, parts, [body], str(request.base_url))
    return Response(status_code=204)


@router.head("/statements")
@router.get("/statements")
async def give_statements(request: Request, parts: Here) -> JSONResponse:
    """One statement by its id, or those that are asked for, as far as they are kept."""
    question = question_of(request.query_params)
    site = str(request.base_url)
    now = moment(time.time())  # what was kept before is in the answer
    answer = JSONResponse(await run_sync(_found, parts, question, site))
    answer.headers[CONSISTENT] = now
    return answer


def _found(parts: Parts, question: Question, site: str) -> dict[str, Any]:
    if question.id is not None:
        return experienced.statement(parts, question.id, is_voided=question.is_voided)
    try:
        found, after = experienced.statements(parts, question.asked, site, question.cursor)
    except RowError as error:
        raise InvalidError("?agent", str(error)) from None
    more = "" if after is None else f"{STATEMENTS}?{question.more(after)}"
    return {"statements": found, "more": more}


def _keep(parts: Parts, raws: list[Any], site: str) -> list[str]:
    try:
        return keep(parts, raws, site)
    except NotFoundError as error:  # nothing is missing where it was sent to
        raise GatewaysError(str(error)) from None


def _check_version(request: Request) -> None:
    spoken = request.headers.get(HEADER, "")
    if request.scope["path"] != ABOUT and not _SPOKEN.fullmatch(spoken):
        said = f"is {spoken[:20]!r}" if spoken else "is missing"
        raise HTTPException(400, f"the header {HEADER} {said}; here it must be {VERSION}")


async def _body(request: Request) -> Any:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise InvalidError("#", "send application/json; attachments are not taken in")
    try:
        return decode_json((await request.body()).decode())
    except (ValueError, RecursionError) as error:
        raise InvalidError("#", json_fault(error)) from None


def _uuid(value: Any, pointer: str) -> str:
    try:
        return uuid_in(value, "the id")
    except RowError as error:
        raise InvalidError(pointer, str(error)) from None
