"""How far profiles are met: all rules, who does not meet one, and one resource."""

import csv
import io
from collections.abc import Iterator

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.responses import Response

from data.errors import NotFoundError
from evaluation.conformance.judging import Question, judge_one, judged
from evaluation.conformance.profile import Rule, Scope
from evaluation.conformance.report import score_of
from evaluation.conformance.told import report_json
from evaluation.conformance.wanting import COLUMNS
from evaluation.conformance.wanting import wanting as lines_of
from service.http.problems import existing
from service.parts import Here, Parts
from service.web.norms.choosing import (
    Choice,
    Chosen,
    platforms,
    profiles,
    question,
    spoken_question,
)
from service.web.norms.findings import said
from service.web.norms.kept import report_of, report_soon, state_of
from service.web.norms.views import (
    COLOURS,
    FALLS_SHORT,
    RESULTS,
    SEVERITIES,
    sections,
    spoken,
    wanting,
    worst_first,
)
from service.web.rendering import page
from service.web.wording import chosen as chosen_language

router = APIRouter(include_in_schema=False)
WORDS = {
    "results": RESULTS,
    "severities": SEVERITIES,
    "colours": COLOURS,
    "said": said,
    "falls_short": FALLS_SHORT,
}


@router.get("/norms")
async def show_norms(request: Request, parts: Here, chosen: Choice) -> Response:
    """Every rule of a profile with its evidence, by principle."""

    def render() -> Response:
        asked = question(request, parts, chosen)
        is_bare = not parts.catalogue.counts()["resources"]
        made = None if is_bare else report_soon(parts.catalogue, asked)
        report = spoken(made.report, chosen_language(request).tag) if made else None
        is_older = made is not None and made.state != state_of(parts.catalogue, asked)
        return page(
            request,
            "norms/norms.html",
            chosen=chosen,
            profiles=profiles(parts),
            platforms=platforms(parts),
            report=report,
            older=made.began if made and is_older else None,
            is_bare=is_bare,
            sections=sections(report) if report else [],
            **WORDS,
        )

    return await run_sync(render)


@router.get("/norms/report.json")
async def send_report(request: Request, parts: Here, chosen: Choice) -> JSONResponse:
    """The report for programs."""

    def made() -> JSONResponse:
        asked = question(request, parts, chosen)
        return JSONResponse(report_json(report_of(parts.catalogue, asked)))

    return await run_sync(made)


@router.get("/norms/resources.csv")
async def send_table(request: Request, parts: Here, chosen: Choice) -> StreamingResponse:
    """What each resource lacks, and how to mend it."""
    asked = await run_sync(question, request, parts, chosen)
    headers = {"Content-Disposition": 'attachment; filename="norms.csv"'}
    return StreamingResponse(_table(parts, asked), 200, headers, "text/csv")


@router.get("/norms/rules/{rule_id}")
async def show_rule(
    request: Request, parts: Here, chosen: Choice, rule_id: str, after: str = ""
) -> Response:
    """The resources that do not meet a rule."""

    def render() -> Response:
        asked = spoken_question(request, parts, chosen)
        rule = _rule(asked, rule_id)
        return page(
            request,
            "norms/rule.html",
            chosen=chosen,
            profile=asked.profile,
            rule=rule,
            found=wanting(parts.catalogue, asked, rule, after),
            is_first=not after,
            **WORDS,
        )

    return await run_sync(render)


@router.get("/norms/resources/{resource_id:path}")
async def show_resource(
    request: Request, parts: Here, chosen: Choice, resource_id: str
) -> Response:
    """One resource, rule by rule."""

    def render() -> Response:
        resource = existing(parts.catalogue.resources.get(resource_id), "resource", resource_id)
        asked = spoken_question(request, parts, Chosen(profile=chosen.profile))
        findings = judge_one(parts.catalogue, asked, resource)
        return page(
            request,
            "norms/resource.html",
            chosen=chosen,
            profiles=profiles(parts),
            profile=asked.profile,
            resource=resource,
            findings=worst_first(findings),
            score=score_of(findings),
            **WORDS,
        )

    return await run_sync(render)


def _rule(asked: Question, rule_id: str) -> Rule:
    for rule in asked.profile.of(Scope.RESOURCE):
        if rule.id == rule_id:
            return rule
    raise NotFoundError(f"profile {asked.profile.id!r} has no rule {rule_id!r} for resources")


def _table(parts: Parts, asked: Question) -> Iterator[str]:
    yield _line(COLUMNS)
    for seen, findings in judged(parts.catalogue, asked):
        yield from map(_line, lines_of(seen.resource.id, findings))


def _line(cells: tuple[str, ...]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
