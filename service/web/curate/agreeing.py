"""Second opinions: how far curators agree, and the pairs that they are of two minds about."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from data.catalogue.agreement import Opinions
from evaluation.agreement import kappa
from service.parts import Here, Parts
from service.web.curate.asking import Wanted
from service.web.preferences import name_of
from service.web.rendering import page

router = APIRouter(include_in_schema=False)
LISTED = 50


@dataclass(frozen=True, slots=True)
class Both:
    """Two curators: on how many pairs both spoke, how often they agreed, and Cohen's kappa."""

    first: str
    second: str
    pairs: int
    agreed: float
    kappa: float | None


def by_two(opinions: Sequence[Opinions]) -> list[Both]:
    """Every two curators who spoke of the same pairs, those with most in common first."""
    names = sorted({name for one in opinions for name in one.verdicts})
    found = []
    for first, second in combinations(names, 2):
        both = [
            (one.verdicts[first].value, one.verdicts[second].value)
            for one in opinions
            if {first, second} <= set(one.verdicts)
        ]
        if both:
            agreed = sum(left == right for left, right in both) / len(both)
            value = kappa([left for left, _ in both], [right for _, right in both])
            found.append(Both(first, second, len(both), agreed, value))
    return sorted(found, key=lambda two: -two.pairs)


@router.get("/curate/agreement")
async def show_agreement(request: Request, parts: Here) -> Response:
    """How far curators agree, and what is to be settled."""

    def render() -> Response:
        opinions = parts.catalogue.agreement.shared()
        differing = [one for one in opinions if one.differ]
        return page(
            request,
            "curate/agreement.html",
            curator=name_of(request),
            second=Wanted(second=True),
            both=by_two(opinions),
            differing=differing[:LISTED],
            count=len(differing),
            **_named(parts, differing[:LISTED]),
        )

    return await run_sync(render)


def _named(parts: Parts, opinions: Sequence[Opinions]) -> dict[str, Any]:
    return {
        "resources": parts.catalogue.resources.many(one.resource for one in opinions),
        "outcomes": parts.catalogue.outcomes.many(one.outcome for one in opinions),
    }
