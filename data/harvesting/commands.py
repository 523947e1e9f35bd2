"""The `sources` and `harvest` commands."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import ConflictError, GatewaysError, NotFoundError
from data.records import Source
from data.settings import Settings

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.harvesting.harvest import HarvestReport

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
_SHOWN = 10

sources = typer.Typer(help="The systems that resources are harvested from.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(sources, name="sources")
    app.command()(harvest)


@sources.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the source and of its dataset.")],
    oai: Annotated[str, typer.Option(help="Address of an OAI-PMH 2.0 repository.")],
    set_: Annotated[str | None, typer.Option("--set", help="Only this set of it.")] = None,
    prefix: Annotated[
        str | None, typer.Option(help="Metadata format; else LOM where there is any.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of resources that name none.")
    ] = None,
    license_: Annotated[
        str | None, typer.Option("--license", help="Licence of resources that name none.")
    ] = None,
) -> None:
    """Note a source. Nothing is asked of it before `harvest`."""
    from data.catalogue import Catalogue
    from data.formats.fields import ID_LIMIT
    from data.formats.fields import language as checked_language
    from data.harvesting.urls import place_of

    if not 0 < len(name) <= ID_LIMIT or not name.isprintable():
        raise GatewaysError(f"NAME has 1 to {ID_LIMIT} printable characters")
    place_of(oai)
    try:
        checked_language({"language": language})
    except ValueError as error:
        raise GatewaysError(f"--{error}") from None
    given = {"set": set_, "prefix": prefix, "language": language, "license": license_}
    options = {option: value for option, value in given.items() if value}
    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        there = catalogue.datasets.get(name)
        if there is not None and there.source != oai:
            raise ConflictError(f"{name!r} is a dataset of another origin; choose another name")
        catalogue.sources.add(
            Source(name=name, kind="oai", url=oai, options=options, created=time.time())
        )
    typer.echo(f"Noted {name}. `gateways harvest {name}` asks it for its records.", err=True)


@sources.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """Every source, and how its last harvest ended."""
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        found = catalogue.sources.all()
    if as_json:
        typer.echo(json.dumps([_source_json(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        typer.echo(f"{one.name}  {one.url}  {_state_line(one)}")
    if not found:
        typer.echo("There is no source; `gateways sources add NAME --oai URL` notes one.", err=True)


@sources.command("remove")
def remove(
    context: typer.Context, name: Annotated[str, typer.Argument(help="Name of the source.")]
) -> None:
    """Forget a source. What was harvested from it stays."""
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.sources.remove(name)
    typer.echo(f"Removed {name}; its resources stay.", err=True)


def harvest(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="One source; all by default.")] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Ask for everything, not only for what changed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in what sources have new: changed records are updated, deleted ones retired."""
    from data.catalogue import Catalogue
    from data.harvesting.fetching import Fetcher
    from data.harvesting.harvest import Harvester
    from data.progress import progress_bar
    from data.workspace import Workspace

    settings: Settings = context.obj
    fetcher = Fetcher(
        private=settings.harvest_private,
        max_body=settings.harvest_max_body,
        timeout=settings.harvest_timeout,
    )
    said: list[dict[str, Any]] = []
    with (
        Workspace(settings.home).writing("harvest"),
        Catalogue.open(settings.catalogue_url) as catalogue,
    ):
        harvester = Harvester(
            catalogue=catalogue,
            fetcher=fetcher,
            max_text=settings.max_text,
            max_pages=settings.harvest_max_pages,
            progress=progress_bar,
            own=f"oai:{settings.oai_domain}:"
            if "oai_domain" in settings.model_fields_set
            else None,
        )
        for source in _wanted(catalogue, name):
            try:
                report = harvester.harvest(source, full=full)
            except GatewaysError as error:
                said.append({"source": source.name, "error": str(error)})
                typer.echo(f"gateways: {source.name}: {error}", err=True)
            else:
                said.append(_report_json(report))
                _print(report)
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False))
    if any("error" in one for one in said):
        raise typer.Exit(2)


def _wanted(catalogue: "Catalogue", name: str | None) -> list[Source]:
    if name is None:
        found = catalogue.sources.all()
    else:
        found = [one for one in [catalogue.sources.get(name)] if one is not None]
    if not found:
        what = f"source {name!r} is not known" if name else "there is no source"
        raise NotFoundError(f"{what}; `gateways sources add NAME --oai URL` notes one")
    return found


def _print(report: "HarvestReport") -> None:
    for refusal in report.refusals[:_SHOWN]:
        typer.echo(f"  refused: {refusal}", err=True)
    for warning in report.warnings:
        typer.echo(f"  {warning}", err=True)
    told = ", ".join(f"{number:,} {fate}" for fate, number in report.counts.items() if number)
    what = "everything" if report.full else "what changed"
    typer.echo(
        f"{report.source}: {what}, {report.pages:,} page{'' if report.pages == 1 else 's'} in "
        f"{report.seconds:.1f} s: "
        f"{told or 'nothing new'}.",
        err=True,
    )


def _report_json(report: "HarvestReport") -> dict[str, Any]:
    return {
        "source": report.source,
        "full": report.full,
        "pages": report.pages,
        **report.counts,
        "refusals": [str(refusal) for refusal in report.refusals],
        "warnings": list(report.warnings),
        "seconds": round(report.seconds, 3),
    }


def _source_json(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        **source.options,
        "created": source.created,
        "state": dict(source.state),
    }


def _state_line(source: Source) -> str:
    from data.harvesting.progress import State

    state = State.of(source.state)
    if state.error:
        return f"failed: {state.error}"
    if state.cursor is not None:
        return "unfinished"
    if state.finished is None:
        return "never harvested"
    return f"harvested {time.strftime('%Y-%m-%d %H:%M', time.localtime(state.finished))}"
