"""A text or a resource in, suggestions out, decisions back."""

import hashlib
import time
from contextlib import suppress
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from data.errors import ConflictError
from data.records import Decision, RejectionReason, Resource, Verdict
from models.suggestion import Filters
from models.suggestion import Query as Question
from models.text import query_of
from service.access.admitting import admitted
from service.access.territory import check_making
from service.asking.suggesting import Answered, asked_for, suggest
from service.deciding.decisions import decide, shown_under, undo
from service.engine.answering import Asked
from service.http.problems import InvalidError, existing
from service.parts import Here, Parts
from service.web.ask.views import Form, result, surroundings
from service.web.forms import text_in
from service.web.preferences import name_of
from service.web.rendering import page

router = APIRouter(include_in_schema=False)
SHOWN = 10
TITLE_LENGTH = 80
# The text is nowhere but in the form and in the answer to it: a browser that may not keep the
# answer cannot go back to it. What is sent again is answered anew.
KEPT_BY_THE_BROWSER = "private, no-cache"


@router.get("/suggest")
async def show_page(
    request: Request,
    parts: Here,
    resource: str | None = None,
    framework: str = "",
    decided: int | None = None,
    language: str | None = None,
    cursor: str | None = None,
) -> Response:
    """The form and, for a resource, its suggestions; `language` and `cursor` are of the list."""
    form = Form(framework=framework)
    if resource is None:
        around = await run_sync(surroundings, parts.catalogue, language, cursor)
        return page(request, "ask/ask.html", form=form, around=around, language=language)
    asked = await run_sync(asked_for, parts, resource, _filters(form), SHOWN)
    answered = await suggest(parts, asked)
    return await _answered(request, parts, form, answered, decided)


@router.post("/suggest")
async def suggest_for_pasted_text(request: Request, parts: Here) -> Response:
    """Suggestions for a text, which is not kept."""
    form = _form(await _sent(request, parts))
    said = form.title.strip() or form.text.strip()
    query, rejected = Question(text=""), frozenset[str]()
    if said:
        pasted = await run_sync(_pasted, parts, form)
        query = query_of(pasted)
        # The same text may have been decided on before.
        rejected = await run_sync(parts.catalogue.ledger.rejected, pasted.id)
    asked = Asked(query=query, filters=_filters(form), k=SHOWN, without=rejected)
    response = await _answered(request, parts, form, await suggest(parts, asked))
    response.headers["Cache-Control"] = KEPT_BY_THE_BROWSER
    return response


@router.post("/decisions")
async def decide_on_page(request: Request, parts: Here) -> Response:
    """Keep a decision and go back to the resource; a pasted text becomes one by it."""
    sent = await _sent(request, parts)
    kept, is_new = await run_sync(_decide, parts, sent, name_of(request))
    if is_new:
        await parts.live.catch_up()
    return _back(kept.resource, text_in(sent, "framework"), kept.id)


@router.post("/undo")
async def undo_on_page(request: Request, parts: Here) -> Response:
    """Withdraw a decision and go back to the resource."""
    sent = await _sent(request, parts)
    number = text_in(sent, "undo")
    if not number.isdecimal():
        raise InvalidError("#/undo", "which decision is to be undone?")
    undone = await run_sync(undo, parts, int(number), name_of(request))
    return _back(undone.resource, text_in(sent, "framework"), None)


async def _answered(
    request: Request,
    parts: Parts,
    form: Form,
    answered: Answered,
    decided: int | None = None,
) -> Response:
    def render() -> Response:
        shown = result(parts.catalogue, answered, decided)
        around = surroundings(parts.catalogue)
        return page(request, "ask/ask.html", form=form, around=around, result=shown)

    return await run_sync(render)


async def _sent(request: Request, parts: Parts) -> FormData:
    # A text may be as long as the body's limit lets it; python-multipart would stop at 1 MiB.
    return await request.form(max_part_size=8 * parts.settings.max_text)


def _form(sent: FormData) -> Form:
    return Form(
        **{name: text_in(sent, name) for name in ("title", "text", "language", "framework")}
    )


def _filters(form: Form) -> Filters:
    return Filters(frameworks=(form.framework,) if form.framework else ())


def _pasted(parts: Parts, form: Form) -> Resource:
    """The resource that a pasted text would be; the same text is the same resource."""
    text = form.text.strip()
    title = form.title.strip() or text.split("\n", 1)[0][:TITLE_LENGTH].strip()
    said = "\0".join((title, text, form.language))
    fields = {
        "id": f"web-{hashlib.sha256(said.encode()).hexdigest()[:16]}",
        "title": title,
        "text": "" if text == title else text,
        "language": form.language,
    }
    return admitted(parts.settings, fields)


def _decide(parts: Parts, sent: FormData, curator: str) -> tuple[Decision, bool]:
    """The decision that was sent, and whether its resource is new."""
    # A button sends the line of the list and the outcome; each line has its own reason.
    line, _, outcome = (text_in(sent, "accept") or text_in(sent, "reject")).partition(" ")
    is_rejected = "reject" in sent
    if not outcome:
        raise InvalidError("#/accept", "which outcome is decided on?")
    showing = shown_under(parts, text_in(sent, "suggestion") or None)  # before anything is kept
    resource_id, is_new = text_in(sent, "resource"), False
    if not resource_id:
        resource_id, is_new = _keep_pasted(parts, _form(sent), outcome)
    decision = Decision(
        resource=resource_id,
        outcome=outcome,
        verdict=Verdict.REJECT if is_rejected else Verdict.ACCEPT,
        reason=_reason(text_in(sent, f"reason {line}")) if is_rejected else None,
        curator=curator,
        time=time.time(),
        showing=showing,
    )
    return decide(parts, decision), is_new


def _keep_pasted(parts: Parts, form: Form, outcome: str) -> tuple[str, bool]:
    check_making(parts)
    existing(parts.catalogue.outcomes.get(outcome), "outcome", outcome)  # before anything is kept
    pasted = _pasted(parts, form)
    with suppress(ConflictError):  # it was kept by an earlier decision
        parts.catalogue.resources.create(pasted)
        return pasted.id, True
    return pasted.id, False


def _reason(said: str) -> RejectionReason | None:
    try:
        return RejectionReason(said) if said else None
    except ValueError:
        raise InvalidError("#/reason", f"{said!r} is not a reason that there is") from None


def _back(resource: str, framework: str, decided: int | None) -> Response:
    query = {"resource": resource, "framework": framework, "decided": decided}
    given = {name: value for name, value in query.items() if value}
    # 303: what follows is a GET, so that a reload decides nothing.
    return RedirectResponse(f"/suggest?{urlencode(given)}{'#decided' if decided else ''}", 303)
