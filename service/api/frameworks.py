"""Frameworks, and their outcomes as a tree."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from data import records
from service.api.etags import IfNoneMatch, tagged
from service.api.outcomes import Level, OutcomeList, Words
from service.api.paging import Cursor, Limit, page_of
from service.api.responses import errors
from service.api.wire import Framework, Listed, Outcome
from service.http.problems import existing
from service.parts import Here, Parts

router = APIRouter(prefix="/v1/frameworks", tags=["frameworks"])


class FrameworkList(Listed[Framework]):
    """A page of frameworks."""


@router.get("", response_model=FrameworkList, responses=errors(422))
def list_frameworks(
    parts: Here, if_none_match: IfNoneMatch = None, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """All frameworks, by id."""
    sources = {source.name: source for source in parts.catalogue.datasets.all()}
    page, following = page_of(
        parts.catalogue.frameworks.all(), lambda found: found.id, cursor, limit
    )
    items = [Framework.of(found, sources.get(found.dataset)) for found in page]
    return tagged(FrameworkList(items=items, next=following), if_none_match)


@router.get("/{framework_id:path}/outcomes", response_model=OutcomeList, responses=errors(404, 422))
def list_framework_outcomes(
    framework_id: str,
    parts: Here,
    parent: Annotated[
        str | None, Query(description="Only those right below it; empty for the roots.")
    ] = None,
    level: Level = None,
    q: Words = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> OutcomeList:
    """The outcomes of a framework in the order of its tree."""
    _existing(parts, framework_id)
    page = parts.catalogue.outcomes.page(
        framework_id,
        parent=... if parent is None else parent or None,
        text=q,
        level=level,
        after=cursor,
        limit=limit,
    )
    return OutcomeList(items=[Outcome.of(found) for found in page.items], next=page.next)


@router.get("/{framework_id:path}", response_model=Framework, responses=errors(404))
def read_framework(framework_id: str, parts: Here, if_none_match: IfNoneMatch = None) -> Response:
    """One framework."""
    found = _existing(parts, framework_id)
    source = parts.catalogue.datasets.get(found.dataset)
    return tagged(Framework.of(found, source), if_none_match)


def _existing(parts: Parts, framework_id: str) -> records.Framework:
    return existing(parts.catalogue.frameworks.get(framework_id), "framework", framework_id)
