"""The `platforms` commands."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import ConflictError, GatewaysError, NotFoundError
from data.formats.fields import RowError
from data.platform_fields import NO_PLATFORM, platform_of

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.records import Platform
    from data.settings import Settings

Id = Annotated[str, typer.Argument(metavar="ID", help="Of the platform: a-z, 0-9 and -.")]

platforms = typer.Typer(
    help="The countries and publishers that share this gateway.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(platforms, name="platforms")


@platforms.command("add")
def add(
    context: typer.Context,
    id_: Id,
    name: Annotated[str, typer.Option(help="What people call it.")],
    operator: Annotated[str, typer.Option(help="Who runs it.")],
    url: Annotated[str | None, typer.Option(help="Where it is.")] = None,
    license_: Annotated[
        str | None, typer.Option("--license", help="Licence of what it offers.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="A language that it speaks; may be given again.")
    ] = None,
    contact: Annotated[str | None, typer.Option(help="Whom to ask.")] = None,
    note: Annotated[str, typer.Option(help="Free text.")] = "",
    dataset: Annotated[
        list[str] | None, typer.Option(help="A dataset that is its; may be given again.")
    ] = None,
) -> None:
    """Note a platform, and assign datasets to it."""
    raw = {"id": id_, "name": name, "operator": operator, "url": url, "license": license_}
    raw |= {"contact": contact, "note": note}
    try:
        made = platform_of({**raw, "languages": language or ()}, time.time())
    except RowError as error:
        raise GatewaysError(f"platforms add: {error}") from None
    with _catalogue(context) as catalogue:
        if catalogue.platforms.get(id_) is not None:
            raise ConflictError(f"platform {id_!r} is there already; choose another id")
        for one in dataset or ():
            if catalogue.datasets.get(one) is None:
                raise NotFoundError(f"dataset {one!r} is not in the catalogue")
        catalogue.platforms.put(made)
        for one in dataset or ():
            catalogue.platforms.assign(one, id_)
    typer.echo(f"Noted {id_}. Its datasets: {', '.join(dataset or ()) or 'none yet'}.", err=True)


@platforms.command("list")
def list_(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Every platform, and its datasets."""
    with _catalogue(context) as catalogue:
        found = [
            (one, catalogue.platforms.datasets_of(one.id)) for one in catalogue.platforms.all()
        ]
    if as_json:
        told = [_json(one, datasets) for one, datasets in found]
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for one, datasets in found:
        typer.echo(f"{one.id}  {one.name}  {one.operator}  {', '.join(datasets) or 'no dataset'}")
    if not found:
        typer.echo("There is no platform; `gateways platforms add` notes one.", err=True)


@platforms.command("remove")
def remove(context: typer.Context, id_: Id) -> None:
    """Forget a platform. Its datasets stay, of no platform, and its keys open nothing."""
    with _catalogue(context) as catalogue:
        catalogue.platforms.remove(id_)
    typer.echo(f"Removed {id_}; its datasets stay.", err=True)


@platforms.command("assign")
def assign(
    context: typer.Context,
    dataset: Annotated[str, typer.Argument(help="Name of the dataset.")],
    platform: Annotated[str, typer.Argument(help=f"Id of the platform, or `{NO_PLATFORM}`.")],
) -> None:
    """Have a dataset be of a platform."""
    with _catalogue(context) as catalogue:
        catalogue.platforms.assign(dataset, None if platform == NO_PLATFORM else platform)
    typer.echo(f"{dataset} is of {platform}.", err=True)


def _catalogue(context: typer.Context) -> "Catalogue":
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    return Catalogue.open(settings.catalogue_url)


def _json(platform: "Platform", datasets: list[str]) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(platform), "datasets": datasets}
