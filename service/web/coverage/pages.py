"""The coverage map, level by level down to the outcomes."""

from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.catalogue import Catalogue
from data.catalogue.coverage import By
from data.records import Outcome
from service.http.problems import InvalidError, existing
from service.parts import Here
from service.web.coverage import editions
from service.web.coverage.table import table
from service.web.find.places import places
from service.web.find.shown import kind_name
from service.web.rendering import page

router = APIRouter(include_in_schema=False)
router.include_router(editions.router)


@router.get("/coverage")
async def show_coverage(
    request: Request,
    parts: Here,
    framework: str = "",
    by: By = By.LANGUAGE,
    under: str = "",
) -> Response:
    """How many resources there are below each node; without a framework, which there are."""
    if not framework:
        return await run_sync(_choice, request, parts.catalogue)
    return await run_sync(_map, request, parts.catalogue, framework, by, under)


def _choice(request: Request, catalogue: Catalogue) -> Response:
    return page(request, "coverage/choice.html", places=places(catalogue))


def _map(request: Request, catalogue: Catalogue, framework: str, by: By, under: str) -> Response:
    found = existing(catalogue.frameworks.get(framework), "framework", framework)
    node = _node(catalogue, framework, under)
    counted = catalogue.coverage.below(framework, under or None, by)
    if node and not counted:  # nothing is below an outcome but its resources
        return RedirectResponse(f"/outcomes/{quote(node.id)}", 303)
    names = catalogue.resources.languages() if by is By.LANGUAGE else catalogue.resources.kinds()
    children = catalogue.outcomes.children(framework, under or None)
    return page(
        request,
        "coverage/coverage.html",
        framework=found,
        node=node,
        above=catalogue.outcomes.ancestors(under) if under else [],
        by=by.value,
        table=table(counted, children, names),
        kinds={kind: kind_name(kind) for kind in names} if by is By.KIND else {},
    )


def _node(catalogue: Catalogue, framework: str, under: str) -> Outcome | None:
    if not under:
        return None
    found = existing(catalogue.outcomes.get(under), "outcome", under)
    if found.framework != framework:
        raise InvalidError("?under", f"{under!r} is not an outcome of {framework!r}")
    return found
