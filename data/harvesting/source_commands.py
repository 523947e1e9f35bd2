"""The `sources` commands."""

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import ConflictError, GatewaysError
from data.platform_fields import NO_PLATFORM
from data.records import Dataset, Source

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]

sources = typer.Typer(
    help="The systems that frameworks and resources are harvested from.", no_args_is_help=True
)
_ONLY_OAI = ("set", "prefix", "language")
_ONLY_CASE = ("documents",)


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
) -> None:
    """Note a source. Nothing is asked of it before `harvest`."""
    from data.catalogue import Catalogue
    from data.harvesting.urls import place_of

    kind, url = _origin(oai, case)
    place_of(url)
    given = {"set": set_, "prefix": prefix, "language": language, "license": license_}
    given["documents"] = " ".join(document or ())
    options = {option: value for option, value in given.items() if value}
    _check(name, kind, options)
    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        if any(not _is_from(one, kind, url) for one in _of_source(catalogue, name)):
            raise ConflictError(f"{name!r} is a dataset of another origin; choose another name")
        catalogue.sources.add(
            Source(
                name=name,
                kind=kind,
                url=url,
                options=options,
                platform=platform,
                created=time.time(),
            )
        )
    what = "records" if kind == "oai" else "frameworks"
    typer.echo(f"Noted {name}. `gateways harvest {name}` asks it for its {what}.", err=True)


def _of_source(catalogue: "Catalogue", name: str) -> list[Dataset]:
    """What a source of that name harvested: its resources, or a dataset for each framework."""
    there = catalogue.datasets.all()
    return [one for one in there if one.name == name or one.name.startswith(f"{name}/")]


def _is_from(dataset: Dataset, kind: str, url: str) -> bool:
    if kind == "oai":
        return dataset.source == url
    return (dataset.source or "").startswith(f"{url.rstrip('/')}/")


def _origin(oai: str | None, case: str | None) -> tuple[str, str]:
    if oai and not case:
        return "oai", oai
    if case and not oai:
        return "case", case
    raise GatewaysError("give either --oai URL or --case URL")


def _check(name: str, kind: str, options: Mapping[str, str]) -> None:
    from data.formats.fields import ID_LIMIT
    from data.formats.fields import language as checked_language

    if not 0 < len(name) <= ID_LIMIT or not name.isprintable():
        raise GatewaysError(f"NAME has 1 to {ID_LIMIT} printable characters")
    for option in _ONLY_CASE if kind == "oai" else _ONLY_OAI:
        if option in options:
            raise GatewaysError(f"--{option.removesuffix('s')} does not go with --{kind}")
    try:
        checked_language(options)
    except ValueError as error:
        raise GatewaysError(f"--{error}") from None


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
