"""The `harvest` command; those of sources are beside it."""

import json
import time
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.counting import counted
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.harvesting.source_commands import Json, sources
from data.records import Source

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.harvesting.harvest import Harvester
    from data.harvesting.run import HarvestReport
    from data.harvesting.settling import Settled
    from data.settings import Settings

_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(sources, name="sources")
    app.command()(harvest)


def harvest(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="One source; all by default.")] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Ask for everything, not only for what changed.")
    ] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Only sources that say how often, and whose time it is.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in what sources have new: changed records are updated, deleted ones retired."""
    from data.catalogue import Catalogue
    from data.workspace import Workspace

    settings: Settings = context.obj
    with (
        Workspace(settings.home).writing("harvest"),
        Catalogue.open(settings.catalogue_url) as catalogue,
    ):
        harvester = _harvester(settings, catalogue)
        wanted = _wanted(catalogue, name, due=due)
        said = [_harvested(harvester, one, full=full) for one in wanted]
        settled = _settled(catalogue)
    if as_json:
        told = [one | settled.get(one["source"], {}) for one in said]
        typer.echo(json.dumps(told, ensure_ascii=False))
    if any("error" in one for one in said):
        raise typer.Exit(2)


def _harvester(settings: "Settings", catalogue: "Catalogue") -> "Harvester":
    from data.harvesting.fetching import Fetcher
    from data.harvesting.harvest import Harvester
    from data.progress import progress_bar

    has_domain = "oai_domain" in settings.model_fields_set
    return Harvester(
        catalogue=catalogue,
        fetcher=Fetcher.within(settings),
        max_text=settings.max_text,
        max_pages=settings.harvest_max_pages,
        progress=progress_bar,
        own=f"oai:{settings.oai_domain}:" if has_domain else None,
    )


def _wanted(catalogue: "Catalogue", name: str | None, *, due: bool) -> list[Source]:
    """The source of that name, or all, those of frameworks before those of resources."""
    from data.harvesting.timetable import is_due

    if name is None:
        found = catalogue.sources.all()
    else:
        found = [one for one in [catalogue.sources.get(name)] if one is not None]
    if not found:
        what = f"source {name!r} is not known" if name else "there is no source"
        raise NotFoundError(f"{what}; `gateways sources add` notes one")
    if due:
        now = time.time()
        found = [one for one in found if is_due(one, now)]
        if not found:
            typer.echo("No source is due.", err=True)
    return sorted(found, key=lambda one: one.kind != "case")


def _harvested(harvester: "Harvester", source: Source, *, full: bool) -> dict[str, Any]:
    try:
        report = harvester.harvest(source, full=full)
    except GatewaysError as error:
        typer.echo(f"gateways: {source.name}: {error}", err=True)
        return {"source": source.name, "error": str(error)}
    _print(report)
    return _report_json(report)


def _settled(catalogue: "Catalogue") -> dict[str, dict[str, Any]]:
    """Source → its alignments, now that each framework that came is there."""
    from data.harvesting.holding import holding
    from data.harvesting.local_names import OutcomeNames
    from data.harvesting.settling import settle_alignments

    found = [one.name for one in catalogue.sources.all() if one.kind == "oai"]
    names = OutcomeNames.of(catalogue) if found else OutcomeNames()
    settled = {}
    for name in found:
        with suppress(ConflictError), holding(catalogue, name):  # who harvests it settles it
            settled[name] = settle_alignments(catalogue, name, names)
    for name, one in settled.items():
        _print_settled(name, one)
    return {name: {"alignments": asdict(one)} for name, one in settled.items()}


def _print_settled(name: str, settled: "Settled") -> None:
    if settled.new or settled.retired:
        typer.echo(
            f"{name}: {counted(settled.new, 'alignment')} new, {settled.retired:,} retired, "
            f"{settled.standing:,} stand.",
            err=True,
        )
    if settled.waiting:
        typer.echo(
            f"{name}: {counted(settled.waiting, 'alignment')} to outcomes that are not in the "
            "catalogue will stand once their frameworks are harvested.",
            err=True,
        )


def _print(report: "HarvestReport") -> None:
    for refusal in report.refusals[:_SHOWN]:
        typer.echo(f"  refused: {refusal}", err=True)
    for warning in report.warnings:
        typer.echo(f"  {warning}", err=True)
    told = ", ".join(f"{number:,} {fate}" for fate, number in report.counts.items() if number)
    what = "everything" if report.full else "what changed"
    unit = "page" if report.kind == "oai" else "package"
    typer.echo(
        f"{report.source}: {what}, {report.pages:,} {unit}{'' if report.pages == 1 else 's'} in "
        f"{report.seconds:.1f} s: "
        f"{told or 'nothing new'}.",
        err=True,
    )
    if report.error:
        typer.echo(f"gateways: {report.source}: {report.error}", err=True)


def _report_json(report: "HarvestReport") -> dict[str, Any]:
    return {
        "source": report.source,
        "kind": report.kind,
        "full": report.full,
        "pages": report.pages,
        **report.counts,
        "refusals": [str(refusal) for refusal in report.refusals],
        "warnings": list(report.warnings),
        "seconds": round(report.seconds, 3),
        **({"error": report.error} if report.error else {}),
    }
