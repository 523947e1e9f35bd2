"""Annif's REST interface: each framework is a project, its outcomes are the subjects."""

import asyncio
from typing import Annotated, Final
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Query, Request, Response

from data import records
from models.languages import primary
from models.suggestion import Filters
from models.suggestion import Query as Question
from service.access.admitting import admitted_text
from service.api.annif_wire import (
    Document,
    DocumentBatch,
    IndexedDocuments,
    Limit,
    Project,
    ProjectList,
    Result,
    Results,
    ResultsOfDocument,
    SuggestForm,
    Threshold,
)
from service.api.bad_requests import BadRequestRoute
from service.api.responses import errors
from service.asking.suggesting import suggest
from service.deciding.feedback import Indexed, learn
from service.engine.answering import Asked
from service.http.problems import InvalidError, existing
from service.parts import Here, Parts

MOST: Final = 100
CURATOR: Final = "annif"
"""Who decides where the key that a client comes with has no name."""

router = APIRouter(prefix="/v1/projects", tags=["annif"], route_class=BadRequestRoute)


@router.get("")
def list_projects(parts: Here) -> ProjectList:
    """All frameworks as projects."""
    return ProjectList(
        projects=[_project(parts, framework) for framework in parts.catalogue.frameworks.all()]
    )


@router.post("/{project_id:path}/suggest", responses=errors(400, 404, 413, 503))
async def suggest_subjects(
    project_id: str, parts: Here, request: Request, form: Annotated[SuggestForm, Form()]
) -> Results:
    """The outcomes of a framework that a text teaches, best first."""
    framework = await run_sync(_framework, parts, project_id)
    _check_language(framework, form.language)
    return Results(results=await _results(parts, framework, request, form))


@router.post("/{project_id:path}/suggest-batch", responses=errors(400, 404, 413, 503))
async def suggest_subjects_for_many(
    project_id: str,
    body: DocumentBatch,
    parts: Here,
    request: Request,
    limit: Annotated[Limit, Query()] = 10,
    threshold: Annotated[Threshold, Query()] = 0.0,
    language: str | None = None,
) -> list[ResultsOfDocument]:
    """The same for up to 32 texts, in their order."""
    framework = await run_sync(_framework, parts, project_id)
    _check_language(framework, language)

    async def answered(document: Document) -> ResultsOfDocument:
        form = SuggestForm(text=document.text, limit=limit, threshold=threshold)
        results = await _results(parts, framework, request, form)
        return ResultsOfDocument(document_id=document.document_id, results=results)

    return await asyncio.gather(*(answered(document) for document in body.documents))


@router.post("/{project_id:path}/learn", status_code=204, responses=errors(400, 403, 404, 413))
async def learn_subjects(
    project_id: str, body: IndexedDocuments, parts: Here, request: Request
) -> Response:
    """Keep texts as resources that were accepted for their subjects; the next training learns."""
    framework = await run_sync(_framework, parts, project_id)
    documents = [
        Indexed(text=one.text, subjects=tuple(subject.uri for subject in one.subjects))
        for one in body.root
    ]
    await run_sync(learn, parts, framework.id, documents, _curator(request))
    await parts.live.catch_up()
    return Response(status_code=204)


@router.get("/{project_id:path}", responses=errors(404))
def read_project(project_id: str, parts: Here) -> Project:
    """One framework as a project."""
    return _project(parts, _framework(parts, project_id))


async def _results(
    parts: Parts, framework: records.Framework, request: Request, form: SuggestForm
) -> list[Result]:
    text = admitted_text(parts.settings, form.text)
    if not form.limit:
        return []
    asked = Asked(
        query=Question(text=text),
        filters=Filters(frameworks=(framework.id,)),
        k=min(form.limit, MOST),
    )
    answered = await suggest(parts, asked)
    results = []
    for found in answered.answer.suggestions:
        outcome = answered.aligner.entry(found.outcome).outcome
        if found.confidence >= form.threshold:
            results.append(
                Result(
                    uri=f"{request.base_url}outcomes/{quote(outcome.id, safe='')}",
                    label=outcome.title or outcome.description,
                    notation=outcome.code,
                    score=found.confidence,
                )
            )
    return results


def _project(parts: Parts, framework: records.Framework) -> Project:
    indexed = parts.live.serving().snapshot.manifest.frameworks if parts.live.is_ready else {}
    return Project.of(framework, framework.id in indexed)


def _framework(parts: Parts, project_id: str) -> records.Framework:
    return existing(parts.catalogue.frameworks.by_id().get(project_id), "project", project_id)


def _check_language(framework: records.Framework, asked: str | None) -> None:
    spoken = framework.language
    if asked and spoken and primary(asked) != primary(spoken):
        raise InvalidError("#/language", f"the labels of {framework.id!r} are in {spoken!r} only")


def _curator(request: Request) -> str:
    holder = request.scope.get("state", {}).get("holder")
    return str(holder.name) if holder is not None and holder.name else CURATOR
