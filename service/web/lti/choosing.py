"""Choosing content for a course: a search, boxes to tick, and the answer to the platform."""

from collections.abc import Sequence
from typing import Annotated, Final
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from service.http.problems import InvalidError, existing
from service.lti.claims import Asked
from service.lti.deep_linking import LINK, PAGE, Chosen, answer, item
from service.lti.origins import origin_of
from service.lti.places import Kind, Place, place_at
from service.lti.refusals import LaunchError, Reason
from service.lti.tokens import Scope
from service.parts import Here, Parts
from service.web.find.searching import Wanted, search
from service.web.find.shown import Card
from service.web.forms import text_in
from service.web.lti.framing import Framed, posts_to
from service.web.lti.visiting import Visiting, check_scope, framed_page

router = APIRouter(include_in_schema=False, route_class=Framed)
MOST: Final = 50


@router.get("/lti/s/{token}/choose")
async def choose(
    request: Request,
    parts: Here,
    visit: Visiting,
    token: str,
    wanted: Annotated[Wanted, Query()],
) -> Response:
    """What can be chosen of what was looked for."""
    check_scope(visit, Scope.CHOOSE)
    _, asked = await run_sync(parts.lti.choice, visit)
    found = await search(parts, wanted) if wanted.q.strip() else None
    return framed_page(
        request,
        visit,
        token,
        "lti/choose.html",
        wanted=wanted,
        found=found,
        types=_types(asked),
        is_multiple=asked.is_multiple,
    )


@router.post("/lti/s/{token}/choose")
async def send_choice(request: Request, parts: Here, visit: Visiting, token: str) -> Response:
    """Sign what was chosen, in a form that the browser takes to the platform."""
    check_scope(visit, Scope.CHOOSE)
    sent = await request.form()

    def render() -> Response:
        platform, asked = parts.lti.choice(visit)
        chosen = _chosen(parts, sent)
        if len(chosen) > (MOST if asked.is_multiple else 1):
            most = f"at most {MOST}" if asked.is_multiple else "one thing"
            raise InvalidError("#/resource", f"the course takes {most} at a time")
        type_, takes_pages = _type(asked, sent), PAGE in _types(asked)
        # What has no address of its own is only to be seen as a page of ours within the course.
        items = [
            item(one, PAGE if takes_pages and one.link is None else type_, parts.lti.public_url)
            for one in chosen
        ]
        posts_to(request, origin_of(asked.return_url))
        return framed_page(
            request,
            visit,
            token,
            "lti/answer.html",
            count=len(items),
            to=asked.return_url,
            signed=answer(platform, asked, items, parts.lti.keys.current()),
        )

    return await run_sync(render)


def _types(asked: Asked) -> Sequence[str]:
    """The kinds of content that the course takes and that there are. Raises LaunchError."""
    found = [one for one in (PAGE, LINK) if one in asked.types]
    if not found:
        raise LaunchError(Reason.NOTHING_ACCEPTED)
    return found


def _type(asked: Asked, sent: FormData) -> str:
    types = _types(asked)
    wanted = text_in(sent, "type")
    return wanted if wanted in types else types[0]


def _chosen(parts: Parts, sent: FormData) -> Sequence[Chosen]:
    if "nothing" in sent:
        return []
    ids = dict.fromkeys(one for one in sent.getlist("resource") if isinstance(one, str))
    chosen = [_resource(parts, one) for one in ids]
    if address := text_in(sent, "list").strip():
        chosen.append(_list(parts, address))
    if not chosen:
        raise InvalidError("#/resource", "choose a resource or give the link of a list first")
    return chosen


def _resource(parts: Parts, resource_id: str) -> Chosen:
    card = Card(
        resource=existing(parts.catalogue.resources.get(resource_id), "resource", resource_id)
    )
    return Chosen(
        place=Place(Kind.RESOURCE, resource_id),
        title=card.title,
        text=card.resource.description,
        link=card.link,
    )


def _list(parts: Parts, address: str) -> Chosen:
    """The list at an address, whichever of our names it was copied under. Raises InvalidError."""
    place = place_at(address, parts.lti.public_url) or place_at(_path(address), "")
    found = parts.catalogue.lists.get(place.id) if place and place.kind is Kind.LIST else None
    if place is None or found is None:
        raise InvalidError("#/list", "no list of this service has that link; copy it from its page")
    return Chosen(place=place, title=found.title, text=found.note)


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
