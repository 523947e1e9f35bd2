"""Data scientists' pages: how good the model is, for whom, and what would take its place."""

from pathlib import Path

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from data.workspace import Workspace
from evaluation.benchmark.cases import Mistake
from evaluation.benchmark.comparison import MARGIN
from evaluation.benchmark.slices import gaps, ranked
from evaluation.measures.gaps import ENOUGH
from evaluation.reporting import plots
from models.bundles.released import Change
from models.snapshots.status import newer_than_model
from service.http.problems import InvalidError
from service.jobs.jobs import Jobs
from service.parts import Here
from service.web.models import changes, freezes
from service.web.models.measured import MEASURES, RESPECTS, report_of
from service.web.models.standing import Standing, newest_report, standing, trial
from service.web.rendering import page
from service.web.wording import message

router = APIRouter(include_in_schema=False)
router.include_router(changes.router)

WORST = 8
MISTAKES = {
    Mistake.MISSING: message("The right one was not among the candidates"),
    Mistake.LOW: message("The right one was ranked low"),
    Mistake.NOT_SHOWN: message("The right one was ranked high, but not shown"),
    Mistake.TOO_MANY: message("The right one was shown, among wrong ones"),
    Mistake.ABSTAINED: message("Nothing was shown"),
}
TOLD = {
    "measures": MEASURES,
    "respects": RESPECTS,
    "plots": plots,
    "enough": ENOUGH,
    "margin": MARGIN,
}


@router.get("/models")
async def show_models(request: Request, parts: Here) -> Response:
    """Champion and challenger side by side, and what speaks for or against a change."""
    home = parts.settings.home

    def render() -> Response:
        found = standing(home)
        rivalry = trial(found.champion, found.challenger) if found.challenger else None
        shared = rivalry.reports.get(found.champion.name) if rivalry else None
        report = shared or newest_report(found.champion)
        in_use = parts.live.in_use
        return page(
            request,
            "models/overview.html",
            standing=found,
            serving=Path(in_use.encoder).name if in_use else found.champion.bundle,
            trial=rivalry,
            report=report,
            worst=ranked(report.slices)[:WORST] if report else [],
            job=Jobs(home).latest("promote", "rollback", "retrain"),
            newer=newer_than_model(parts.settings, parts.catalogue),
            **TOLD,
        )

    return await run_sync(render)


@router.get("/models/compare")
async def show_comparison(
    request: Request, parts: Here, before: str = "", after: str = ""
) -> Response:
    """One version against another, slice by slice."""

    def render() -> Response:
        found = standing(parts.settings.home)
        first = found.version(before) if before else found.champion
        second = found.version(after) if after else found.challenger or found.versions[0]
        return page(
            request,
            "models/compare.html",
            standing=found,
            trial=trial(first, second),
            **TOLD,
        )

    return await run_sync(render)


@router.get("/models/versions/{name}")
async def show_version(request: Request, parts: Here, name: str) -> Response:
    """The card of one version: how it was made, of what, and how it did."""
    home = parts.settings.home

    def render() -> Response:
        found = standing(home)
        version = found.version(name)
        return page(
            request,
            "models/version.html",
            standing=found,
            version=version,
            reports={data: report_of(version, data) for data in reversed([*version.reports])},
            changes=_changes_of(found, name),
            frozen=_is_frozen(home, version.dataset),
            **TOLD,
        )

    return await run_sync(render)


@router.get("/models/reports/{name}/{fingerprint}")
async def show_report(
    request: Request, parts: Here, name: str, fingerprint: str, mistake: str = ""
) -> Response:
    """An evaluation, and the worst cases of one kind of mistake or of all."""

    def render() -> Response:
        version = standing(parts.settings.home).version(name)
        report = report_of(version, fingerprint)
        kind = _mistake(mistake)
        return page(
            request,
            "models/report.html",
            version=version,
            report=report,
            worst=ranked(report.slices),
            gaps=gaps(report.slices),
            mistakes=MISTAKES,
            kind=kind,
            cases=[case for case in report.cases if kind in (None, case.mistake)],
            **TOLD,
        )

    return await run_sync(render)


@router.get("/models/data")
async def show_data(request: Request, parts: Here) -> Response:
    """Datasets that were made of decisions, and what making one anew would bring."""
    home = parts.settings.home

    def render() -> Response:
        return page(
            request,
            "models/data.html",
            freezes=freezes.frozen(Workspace(home).frozen),
            job=Jobs(home).latest("freeze"),
            counts=parts.catalogue.counts(),
        )

    return await run_sync(render)


def _changes_of(found: Standing, name: str) -> list[Change]:
    return [change for change in found.history if change.version == name]


def _mistake(name: str) -> Mistake | None:
    if not name:
        return None
    if name.upper() not in Mistake.__members__:
        raise InvalidError("?mistake", f"is one of {', '.join(Mistake.__members__).lower()}")
    return Mistake[name.upper()]


def _is_frozen(home: Path, fingerprint: str) -> bool:
    return any(each.fingerprint == fingerprint for each in freezes.frozen(Workspace(home).frozen))
