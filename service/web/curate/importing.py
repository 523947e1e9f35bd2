"""Import by dropping a file: which column is what, what would become of it, and the import."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile
from starlette.responses import Response

from data.errors import GatewaysError
from data.formats.case.package import CasePackage
from data.formats.protocol import Document, ReadOptions, Refusal
from data.formats.table import Look, Table, look_at
from data.records import Record
from data.settings import Settings
from service.access.territory import check_dataset
from service.http.problems import InvalidError
from service.jobs import uploads
from service.jobs.jobs import Jobs
from service.parts import Here, Parts
from service.web.curate.rehearsing import rehearsal
from service.web.forms import texts
from service.web.preferences import name_of
from service.web.rendering import page, query
from service.web.wording import message

router = APIRouter(include_in_schema=False)
P = ParamSpec("P")
T = TypeVar("T")
KINDS: Final = ("resources", "outcomes")
KINDS_OF_PACKAGES: Final = {
    "outcomes": message("Outcomes"),
    "prerequisites": message("Prerequisites"),
    "correspondences": message("Correspondences"),
}
DEFAULTS: Final = ("language", "framework")
SHOWN: Final = 8


@router.get("/curate/import")
async def show_imports(request: Request, parts: Here) -> Response:
    """A place to drop a file, and the imports so far."""

    def render() -> Response:
        jobs = Jobs(parts.settings.home)
        done = [job for job in jobs.all() if job.what in ("import", "index")]
        return page(
            request,
            "curate/import.html",
            jobs=done[:10],
            most=parts.settings.max_upload,
        )

    return await run_sync(render)


@router.post("/curate/import")
async def take_file(request: Request, parts: Here) -> Response:
    """Keep a file aside, and go on to what it has in it."""
    async with request.form() as sent:
        file = sent.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise InvalidError("#/file", "which file? Choose one, or drop it on the field")
        token = await run_sync(uploads.keep, parts.settings, file)
    return RedirectResponse(f"/curate/import/{token}", 303)


@router.post("/curate/import/index")
async def index_now(request: Request, parts: Here) -> Response:
    """Start the indexing that makes new outcomes found."""
    job = await run_sync(Jobs(parts.settings.home).start, "index", ("index",), name_of(request))
    return RedirectResponse(f"/administration/jobs/{job.id}", 303)


@router.get("/curate/import/{token}")
async def preview_file(request: Request, parts: Here, token: str) -> Response:
    """What the columns are taken for, the first rows, and what would be refused."""
    chosen = dict(request.query_params)

    def render() -> Response:
        file = uploads.found(parts.settings, token)
        if CasePackage().recognises(file):
            return _package(request, parts, token, file)
        options = _options(parts.settings, chosen)
        look = _called(file, look_at, file, options)
        return page(
            request,
            "curate/preview.html",
            token=token,
            file=file,
            look=look,
            options=options,
            chosen=chosen,
            **_rehearsed(parts, file, look, options),
        )

    return await run_sync(render)


@router.post("/curate/import/{token}")
async def import_file(request: Request, parts: Here, token: str) -> Response:
    """Start the import as a job; or show again what other columns would make of the file."""
    sent = await texts(request)
    if "preview" in sent:
        del sent["preview"]
        return RedirectResponse(f"/curate/import/{token}{query(**sent)}", 303)

    def start() -> str:
        file = uploads.found(parts.settings, token)
        options = _options(parts.settings, sent)
        # A package says itself what it is.
        format_ = CasePackage() if CasePackage().recognises(file) else Table()
        document = _called(file, format_.open, file, options)
        command = [*_command(file, options), *_platform(parts, document.dataset.name)]
        return Jobs(parts.settings.home).start("import", command, name_of(request)).id

    return RedirectResponse(f"/administration/jobs/{await run_sync(start)}", 303)


def _options(settings: Settings, chosen: Mapping[str, str]) -> ReadOptions:
    """What was picked: `kind`, `column.FIELD`, `make_ids`, and a value where rows have none."""
    kind = chosen.get("kind") or None
    if kind not in (None, *KINDS):
        raise InvalidError("?kind", f"{kind!r} is none of {', '.join(KINDS)}")
    columns = {
        name.removeprefix("column."): heading
        for name, heading in chosen.items()
        if name.startswith("column.") and heading
    }
    defaults = {name: chosen[name].strip() for name in DEFAULTS if chosen.get(name, "").strip()}
    return ReadOptions(
        kind=kind,
        columns=columns,
        defaults=defaults,
        make_ids="make_ids" in chosen,
        max_text=settings.max_text,
    )


def _called(file: Path, read: Callable[P, T], *given: P.args, **more: P.kwargs) -> T:
    """What reading makes; an error calls the file as whoever sent it does, not where it lies."""
    try:
        return read(*given, **more)
    except GatewaysError as error:
        raise GatewaysError(str(error).replace(str(file), file.name)) from None


def _package(request: Request, parts: Parts, token: str, file: Path) -> Response:
    """The page of a curriculum that came as CASE, which needs no word on its columns."""
    options = ReadOptions(max_text=parts.settings.max_text)
    document = _called(file, CasePackage().open, file, options)
    check_dataset(parts, document.dataset.name)
    return page(
        request,
        "curate/package.html",
        token=token,
        file=file,
        kinds=KINDS_OF_PACKAGES,
        title=document.dataset.extra["frameworks"][0]["title"] or document.dataset.name,
        report=rehearsal(parts.catalogue, document, file),
    )


def _rehearsed(parts: Parts, file: Path, look: Look, options: ReadOptions) -> dict[str, Any]:
    """The first rows as they would be kept, and what an import would do, if it can be told."""
    if look.missing:
        return {"rows": (), "report": None}
    fitting = ReadOptions(
        kind=look.kind,
        columns={ours: theirs for ours, theirs in options.columns.items() if ours in look.fields},
        defaults=options.defaults,
        make_ids=options.make_ids,
        max_text=options.max_text,
    )
    document = Table().open(file, fitting)
    report = rehearsal(parts.catalogue, document, file)
    refused = {one.line for one in report.refusals} if report else set()
    return {"rows": _first(document, refused), "report": report}


def _first(document: Document, refused: Collection[int]) -> list[Record]:
    """The first rows that are kept; `refused` lines are not."""
    kind = next(iter(document.kinds))
    found: list[Record] = []
    for row in document.read(kind):
        if not isinstance(row, Refusal) and row.line not in refused:
            found.append(row.record)
        if len(found) == SHOWN:
            break
    return found


def _platform(parts: Parts, dataset: str) -> list[str]:
    """Whose the dataset is: the platform's that the asker's key is for, if it is for one."""
    check_dataset(parts, dataset)
    return [f"--platform={parts.platform}"] if parts.platform else []


def _command(file: Path, options: ReadOptions) -> list[str]:
    kind = ("--kind", options.kind) if options.kind else ()
    columns = [f"--column={ours}={theirs}" for ours, theirs in options.columns.items()]
    defaults = [f"--default={name}={value}" for name, value in options.defaults.items()]
    ids = ("--make-ids",) if options.make_ids else ()
    return ["import", str(file.resolve()), *kind, *columns, *defaults, *ids]
