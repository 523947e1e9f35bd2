"""The `index`, `suggest` and `status` commands; others of the room are registered here."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from data.counting import counted
from data.errors import GatewaysError, NotFoundError
from models.crosswalk.commands import crosswalk
from models.edition.commands import editions
from models.learner.commands import recommend

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.settings import Settings
    from models.alignment.aligner import Aligner
    from models.suggestion import Answer, Query

Workers = Annotated[
    int | None,
    typer.Option(min=1, show_default="the setting", help="Processes that share the work, by Ray."),
]
MODEL: Final = "A version of `gateways models list`, what ships (e5-oak, e5, minilm), or a folder"
Model = Annotated[
    str | None,
    typer.Option(show_default="what the settings name", help=f"{MODEL}."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


def register(app: typer.Typer) -> None:
    """Add this room's commands to the program."""
    for command in (index, suggest, crosswalk, recommend, status):
        app.command()(command)
    app.add_typer(editions, name="editions")


def index(
    context: typer.Context,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make it anew even if nothing has changed.")
    ] = False,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Embed what is new in the catalogue and publish an index that `serve` picks up."""
    from data.workspace import Workspace
    from models.snapshots.publishing import index_catalogue

    settings = with_workers(context.obj, workers)
    with Workspace(settings.home).writing("index"):
        manifest, made = index_catalogue(settings, rebuild=rebuild)
    if as_json:
        typer.echo(json.dumps({"index": manifest.id, "made": made, "encoder": manifest.encoder}))
        return
    state = "is in use" if made else "is up to date"
    typer.echo(
        f"Index {manifest.id} {state}: {counted(manifest.outcomes, 'outcome')} and "
        f"{counted(manifest.resources, 'resource')}, encoder {manifest.encoder}.",
        err=True,
    )


def suggest(
    context: typer.Context,
    said: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="Text to find outcomes for.")
    ] = None,
    resource: Annotated[str | None, typer.Option(help="Id of a resource in the catalogue.")] = None,
    text: Annotated[str | None, typer.Option(help="The same as TEXT.")] = None,
    framework: Annotated[list[str] | None, typer.Option(help="Only of this framework.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only outcomes in it.")] = None,
    level: Annotated[list[str] | None, typer.Option(help="Only outcomes of this level.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many.")] = 10,
    as_json: Json = False,
) -> None:
    """Suggest the outcomes that a resource, or a text, teaches."""
    from data.catalogue import Catalogue
    from models.alignment.aligner import Aligner
    from models.alignment.answers import showing, told
    from models.snapshots.open import open_serving
    from models.suggestion import Filters

    if sum(given is not None for given in (said, text, resource)) != 1:
        raise GatewaysError("suggest: give either a text or --resource ID")
    text = said if text is None else text
    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        query, rejected = _asked(catalogue, resource, text)
        aligner = Aligner(*open_serving(settings))
        filters = Filters(
            frameworks=tuple(framework or ()),
            languages=tuple(language or ()),
            levels=tuple(level or ()),
        )
        vector = aligner.encode([query])[0]
        answer = aligner.rank(query, vector, filters=filters, k=k, without=rejected)
        kept = showing(aligner, answer, resource)
        catalogue.ledger.record_showings([kept])
    if as_json:
        typer.echo(json.dumps(told(aligner, answer, kept), ensure_ascii=False, indent=1))
    else:
        _print(aligner, answer)


def status(context: typer.Context, as_json: Json = False) -> None:
    """Say what is in the workspace, and whether the index is up to date."""
    from models.snapshots.status import workspace_status

    found = workspace_status(context.obj)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _print_status(found)


def with_workers(settings: "Settings", workers: int | None) -> "Settings":
    """The settings with as many workers as a command was given, if it was."""
    return settings if workers is None else settings.model_copy(update={"workers": workers})


def with_model(settings: "Settings", model: str | None) -> "Settings":
    """The settings with the model that a command was given, if it was."""
    return settings if model is None else settings.model_copy(update={"encoder": model})


def _asked(
    catalogue: "Catalogue", resource: str | None, text: str | None
) -> tuple["Query", frozenset[str]]:
    """The query, and the outcomes that a curator has rejected for it."""
    from models.crosswalk.carrying import carried_to
    from models.suggestion import Query
    from models.text import query_of

    if resource is None:
        return Query(text=text or ""), frozenset()
    record = catalogue.resources.get(resource)
    if record is None:
        raise NotFoundError(f"resource {resource!r} is not in the catalogue; import it first")
    carried = carried_to(catalogue, [resource]).get(resource, ())
    return query_of(record, carried), catalogue.ledger.rejected(resource)


def _print(aligner: "Aligner", answer: "Answer") -> None:
    from rich.console import Console
    from rich.table import Table

    from models.text import PATH_SEPARATOR

    if answer.abstained is not None:
        cause, help_ = answer.abstained.cause, answer.abstained.help
        typer.echo(f"No outcome is suggested: {cause}. {help_}", err=True)
    table = Table("", "confidence", "outcome", "words", "by crosswalk from", box=None)
    for found in answer.suggestions:
        words = ", ".join(word for reason in found.reasons for word in reason.words)
        path = PATH_SEPARATOR.join(aligner.entry(found.outcome).path)
        mark = ("✓" if found.is_likely else "?") if found.selected else ""
        origins = ", ".join(one.outcome for reason in found.reasons for one in reason.by)
        told = (f"{found.confidence:.0%}", f"{path}\n[dim]{found.outcome}[/]")
        table.add_row(mark, *told, words, origins)
    if answer.suggestions:
        Console().print(table)
        typer.echo("✓ likely, ? less likely than not and yet worth a look", err=True)


def _print_servers(found: dict[str, Any]) -> None:
    wanted = found["wanted_index"]
    for server in found["servers"]:
        place = f"{server['host']}:{server['port']}"
        serves = server["index"] or "nothing"
        typer.echo(f"Server     {place} serves {serves}, {server['state']}")
        if server["why"] and server["state"] != "silent":
            typer.echo(f"           {server['why']}")
    if any(server["state"] != "current" for server in found["servers"]) and wanted:
        typer.echo(f"Wanted     {wanted['index']}, made on {wanted['host']}")


def _print_converted(found: dict[str, Any]) -> None:
    for one in found["converted"]:
        used = time.strftime("%Y-%m-%d", time.localtime(one["used"]))
        kept = "refused" if one["refused"] else f"{one['size'] / 1e6:,.0f} MB"
        typer.echo(f"Converted  {one['name']}, {kept}, last used {used}")


def _print_status(found: dict[str, Any]) -> None:
    typer.echo(f"Workspace  {found['home']}")
    for kind, count in found["catalogue"].items():
        typer.echo(f"  {kind:<15} {count:>9,}")
    for framework in found["frameworks"]:
        typer.echo(f"  framework      {framework['id']} — {framework['title']}")
    _print_converted(found)
    index_ = found["index"]
    if index_ is None:
        typer.echo("Index      none yet; run `gateways index`")
        _print_servers(found)
        return
    state = "up to date" if index_["up_to_date"] else "not up to date; run `gateways index`"
    typer.echo(f"Index      {index_['id']} ({index_['encoder']}), {state}")
    for what, made in (("Index", "made with"), ("Model", "trained on")):
        for one in (found[what.lower()] or {}).get("newer_editions", ()):
            typer.echo(
                f"{what:<10} was {made} {one['framework']}, "
                f"of which {one['newer']} is a newer edition"
            )
    _print_servers(found)
