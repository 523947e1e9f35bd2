"""Statements of xAPI that came in → the same, as far as they are kept, to whoever may read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.catalogue.experiences import Wanted
from data.errors import NotFoundError
from data.formats.fields import RowError
from data.formats.xapi.activities import called
from data.formats.xapi.actors import identity
from data.formats.xapi.results import word_of
from data.formats.xapi.writer import statement_of
from service.access.own_learners import check_everyone, check_learners, own_learner
from service.parts import Parts

Statement = dict[str, Any]
MOST: Final = 500
"""Statements that are answered at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list of statements is asked for by; see xAPI 1.0.3, part three, 2.1.3."""

    agent: Mapping[str, Any] | None = None
    verb: str | None = None
    activity: str | None = None
    related_activities: bool = False
    since: float | None = None
    until: float | None = None
    limit: int = 0
    ascending: bool = False


def statement(parts: Parts, id_: str, *, is_voided: bool) -> Statement:
    """The statement of that id. Raises NotFoundError, also for one of another learner's."""
    own = _whose(parts)
    found = parts.catalogue.experiences.get(id_, is_voided=is_voided)
    if found is None or own not in (None, found.learner):
        which = "was voided" if is_voided else "holds"
        raise NotFoundError(f"no statement of the id {id_} is here that {which}")
    return statement_of(id_, found, parts.settings.public_url)


def statements(
    parts: Parts, asked: Asked, site: str, after: str | None
) -> tuple[list[Statement], str | None]:
    """Those that are asked for, from a cursor on, and the cursor of the next ones.

    `site` is the address that the request came to. Raises HTTPException (403) for an agent that is
    not for the asker, RowError for one that is none.
    """
    wanted = _wanted(parts, asked, site)
    if wanted is None:
        return [], None
    limit = min(asked.limit or MOST, MOST)
    page = parts.catalogue.experiences.page(
        wanted, after=after, limit=limit, oldest_first=asked.ascending
    )
    ours = parts.settings.public_url
    return [statement_of(id_, one, ours) for id_, one in page.items], page.next


def _wanted(parts: Parts, asked: Asked, site: str) -> Wanted | None:
    """What is looked for; None where nothing can be it."""
    learner = _whose(parts)
    if asked.agent is not None:
        learner = _named(parts, asked.agent)
        check_learners(parts, [learner])
    try:
        verb = None if asked.verb is None else word_of(asked.verb)
    except RowError:
        return None
    return Wanted(
        learner=learner,
        verb=verb,
        things=None if asked.activity is None else _things(parts, asked.activity, site),
        is_related=asked.related_activities,
        since=asked.since,
        until=asked.until,
    )


def _whose(parts: Parts) -> str | None:
    """The one learner whose statements the asker may read, None for all."""
    if (own := own_learner(parts)) is None:
        check_everyone(parts)
    return own


def _named(parts: Parts, agent: Mapping[str, Any]) -> str:
    """The pseudonym of an agent, who may also be named as statements here name them."""
    account = agent.get("account")
    ours = parts.settings.public_url.rstrip("/")
    if isinstance(account, dict) and account.get("homePage") == ours:
        name = account.get("name")
        if isinstance(name, str) and name:
            return name
    return parts.learning.name(identity(agent))


def _things(parts: Parts, activity: str, site: str) -> list[str]:
    thing = called(activity, (parts.settings.public_url, site))
    known = parts.catalogue.interactions.known([thing])
    ids = [known.resources[name] for name in thing.resource if name in known.resources]
    return list(dict.fromkeys([*ids, *thing.resource, *thing.outcome]))
