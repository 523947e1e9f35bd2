"""The `sources` commands."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import FieldError, GatewaysError
from data.platform_fields import NO_PLATFORM
from data.records import Source

if TYPE_CHECKING:
    from data.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]

sources = typer.Typer(
    help="The systems that frameworks and resources are harvested from.", no_args_is_help=True
)


@sources.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the source and of its dataset.")],
    oai: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of an OAI-PMH 2.0 repository.")
    ] = None,
    case: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of a CASE server: …/ims/case/v1p0.")
    ] = None,
    set_: Annotated[str | None, typer.Option("--set", help="OAI-PMH: only this set.")] = None,
    prefix: Annotated[
        str | None, typer.Option(help="OAI-PMH: metadata format; else LOM where there is any.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="OAI-PMH: language of resources that name none.")
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="CASE: only the framework of this document; repeatable."),
    ] = None,
    license_: Annotated[
        str | None, typer.Option("--license", help="Licence of what names none.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option(metavar="ID", help="The platform that all of it belongs to.")
    ] = None,
    every: Annotated[
        int | None,
        typer.Option(metavar="HOURS", min=1, help="How often it is to be harvested; else by hand."),
    ] = None,
) -> None:
    """Note a source. Nothing is asked of it before `harvest`."""
    from data.catalogue import Catalogue
    from data.harvesting.noting import note

    kind, url = _origin(oai, case)
    said = {"name": name, "kind": kind, "url": url, "platform": platform, "every": every}
    said |= {"set": set_, "prefix": prefix, "language": language, "license": license_}
    said["documents"] = " ".join(document or ())
    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        try:
            note(catalogue, {field: str(value) for field, value in said.items() if value})
        except FieldError as error:
            named = {"name": "NAME", "url": f"--{kind}", "documents": "--document"}
            raise GatewaysError(
                f"{named.get(error.field, f'--{error.field}')} {error.reason}"
            ) from None
    what = "records" if kind == "oai" else "frameworks"
    typer.echo(f"Noted {name}. `gateways harvest {name}` asks it for its {what}.", err=True)


def _origin(oai: str | None, case: str | None) -> tuple[str, str]:
    if oai and not case:
        return "oai", oai
    if case and not oai:
        return "case", case
    raise GatewaysError("give either --oai URL or --case URL")


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
        of = f"  of {one.platform}" if one.platform else ""
        typer.echo(f"{one.name}  {one.url}  {_state_line(one)}{of}")
    if not found:
        typer.echo("There is no source; `gateways sources add` notes one.", err=True)


@sources.command("assign")
def assign(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the source.")],
    platform: Annotated[str, typer.Argument(help=f"Id of the platform, or `{NO_PLATFORM}`.")],
) -> None:
    """Have a source be of a platform, with all that it brought and will bring."""
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.sources.assign(name, None if platform == NO_PLATFORM else platform)
    typer.echo(f"{name} is of {platform}, with what it brought.", err=True)


@sources.command("remove")
def remove(
    context: typer.Context, name: Annotated[str, typer.Argument(help="Name of the source.")]
) -> None:
    """Forget a source. What was harvested from it stays."""
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.sources.remove(name)
    typer.echo(f"Removed {name}; what was harvested from it stays.", err=True)


def _source_json(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        **source.options,
        "platform": source.platform,
        "created": source.created,
        "state": dict(source.state),
    }


def _state_line(source: Source) -> str:
    from data.harvesting.progress import State

    state = State.of(source.state)
    if state.error:
        return f"failed: {state.error}"
    if state.unfinished:
        return "unfinished"
    if state.finished is None:
        return "never harvested"
    return f"harvested {time.strftime('%Y-%m-%d %H:%M', time.localtime(state.finished))}"
