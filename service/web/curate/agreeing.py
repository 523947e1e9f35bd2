"""Second opinions: how far curators agree, and the pairs that they are of two minds about."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from data.catalogue.agreement import Opinions
from evaluation.measures.agreement import kappa
from service.parts import Here, Parts
from service.web.curate.asking import Wanted
from service.web.curate.views import named
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
        opinions = _own(parts, parts.catalogue.agreement.shared())
        differing = [one for one in opinions if one.differ]
        listed = differing[:LISTED]
        return page(
            request,
            "curate/agreement.html",
            second=Wanted(second=True),
            both=by_two(opinions),
            differing=listed,
            count=len(differing),
            **named(parts.catalogue, [(one.resource, one.outcome) for one in listed]),
        )

    return await run_sync(render)


def _own(parts: Parts, opinions: Sequence[Opinions]) -> Sequence[Opinions]:
    """Those on resources of the platform that the curator's key is for, if it is for one."""
    if parts.platform is None:
        return opinions
    platforms = parts.catalogue.platforms.of_resources(one.resource for one in opinions)
    return [one for one in opinions if platforms.get(one.resource) == parts.platform]
