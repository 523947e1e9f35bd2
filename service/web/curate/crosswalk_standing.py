"""What stands of a crosswalk, as a table."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from service.deciding.crosswalking import Both, TwoFrameworks
from service.parts import Here
from service.web.curate.crosswalk_views import address
from service.web.rendering import page

router = APIRouter(include_in_schema=False)
A_PAGE = 100


@router.get("/curate/crosswalk/{framework:path}/{other:path}/standing")
async def show_standing(
    request: Request, parts: Here, two: Both, after: str | None = None
) -> Response:
    """The lines that a source or a curator states, in the order of the first framework."""

    def render() -> Response:
        catalogue = parts.catalogue
        found = catalogue.correspondences.page(*two.ids, after=after, limit=A_PAGE)
        ends = {id_ for one in found.items for id_ in (one.outcome, one.other)}
        return page(
            request,
            "curate/crosswalk_standing.html",
            two=two,
            here=address(two),
            turned=address(TwoFrameworks(two.other, two.framework), "standing"),
            files=address(two).replace("/curate/crosswalk", "/v1/crosswalks", 1),
            lines=found.items,
            onwards=found.next and address(two, "standing", after=found.next),
            outcomes=catalogue.outcomes.many(ends),
            counts=catalogue.correspondences.counts(),
            waiting=catalogue.crosswalks.count_waiting(*two.ids),
        )

    return await run_sync(render)
