"""Making and revoking keys; a secret is shown once, on the page that answers its making."""

import time
from collections.abc import Mapping
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.catalogue.keys import EVERY_LEARNER, Role
from data.pseudonyms import objection
from service.http.problems import InvalidError
from service.parts import Here, Parts
from service.web.forms import trimmed_texts
from service.web.preferences import LONGEST_NAME, name_of
from service.web.rendering import page
from service.web.wording import message

router = APIRouter(include_in_schema=False)
HERE: Final = "/administration/keys"
A_DAY: Final = 24 * 3600
MOST_DAYS: Final = 3650
OVERLAP: Final = 7 * A_DAY
"""Seconds for which a key works beside the one that takes its place."""

ROLES: Final = {
    Role.READER: message("Reader: finds resources"),
    Role.LEARNER: message("Learner: next steps and lists too"),
    Role.CURATOR: message("Curator: decides too"),
    Role.SCIENTIST: message("Data scientist: trains models too"),
    Role.ADMINISTRATOR: message("Administrator: everything"),
}
NAMES: Final = {
    Role.READER: message("reader"),
    Role.LEARNER: message("learner"),
    Role.CURATOR: message("curator"),
    Role.SCIENTIST: message("data scientist"),
    Role.ADMINISTRATOR: message("administrator"),
}


@router.get(HERE)
async def show_keys(request: Request, parts: Here) -> Response:
    """Every key, with its name and role."""
    return await run_sync(_shown, request, parts)


@router.post(HERE)
async def make_key(request: Request, parts: Here) -> Response:
    """Make a key and show its secret."""
    sent = await trimmed_texts(request)
    name, role, days = _name(sent), _role(sent), _days(sent)
    platform, learner = _platform(sent, role), _learner(sent, role)
    by = name_of(request)

    def make() -> Response:
        now = time.time()
        expires = now + days * A_DAY if days else None
        made, secret = parts.catalogue.keys.create(
            name,
            role,
            by=by,
            now=now,
            expires=expires,
            platform=platform,
            learner=learner and _pseudonym(parts, learner),
        )
        parts.keys.forget()
        # No redirect: the secret must be in no address, and a reload asks before it makes another.
        return _shown(request, parts, made=made, secret=secret)

    return await run_sync(make)


@router.post(f"{HERE}/{{id_}}/rotate")
async def rotate_key(request: Request, parts: Here, id_: str) -> Response:
    """Make a key in place of another, which works for a week more, and show its secret."""
    by = name_of(request)

    def rotate() -> Response:
        made, secret = parts.catalogue.keys.rotate(id_, by=by, now=time.time(), overlap=OVERLAP)
        parts.keys.forget()
        return _shown(request, parts, made=made, secret=secret)

    return await run_sync(rotate)


@router.post(f"{HERE}/{{id_}}/revoke")
async def revoke_key(request: Request, parts: Here, id_: str) -> Response:
    """End a key at once."""
    by = name_of(request)

    def revoke() -> None:
        parts.catalogue.keys.revoke(id_, by=by, now=time.time())
        parts.keys.forget()

    await run_sync(revoke)
    return RedirectResponse(HERE, 303)


def _shown(request: Request, parts: Parts, **more: object) -> Response:
    kept = parts.catalogue.keys.all()
    return page(
        request,
        "administration/keys.html",
        return_to=HERE,
        keys=kept,
        replaced={key.replaces for key in kept},
        platforms={one.id: one.name for one in parts.catalogue.platforms.all()},
        roles=ROLES,
        names=NAMES,
        longest=LONGEST_NAME,
        most_days=MOST_DAYS,
        is_needed=parts.keys.is_needed,
        now=time.time(),
        **more,
    )


def _name(sent: Mapping[str, str]) -> str:
    name = sent.get("name", "")
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise InvalidError("#/name", f"has 1 to {LONGEST_NAME} printable characters")
    return name


def _role(sent: Mapping[str, str]) -> Role:
    role = sent.get("role", "")
    if role not in list(Role):
        raise InvalidError("#/role", f"is one of {', '.join(Role)}")
    return Role(role)


def _platform(sent: Mapping[str, str], role: Role) -> str | None:
    """The platform whose datasets alone the key is for, if any; who trains models serves all."""
    platform = sent.get("platform") or None
    if platform is not None and role.covers(Role.SCIENTIST):
        raise InvalidError("#/platform", f"a key with the role {role} is for all platforms")
    return platform


def _learner(sent: Mapping[str, str], role: Role) -> str | None:
    """The learner that a learner's key is for, as they are called where they come from."""
    learner = sent.get("learner") or None
    if role is not Role.LEARNER:
        return None
    if learner is None:
        raise InvalidError("#/learner", f"name the learner, or {EVERY_LEARNER} for a program's key")
    return learner


def _pseudonym(parts: Parts, learner: str) -> str:
    if learner == EVERY_LEARNER:
        return learner
    name = parts.learning.name_on_page(learner)
    if wrong := objection(name):
        raise InvalidError("#/learner", wrong)
    return name


def _days(sent: Mapping[str, str]) -> int:
    """For how many days; 0 is for ever."""
    days = sent.get("days") or "0"
    if not (days.isascii() and days.isdigit() and int(days) <= MOST_DAYS):
        raise InvalidError("#/days", f"is a whole number up to {MOST_DAYS}")
    return int(days)
