"""The `keys` commands."""

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from data.errors import GatewaysError

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.catalogue.keys import Key, Role
    from data.settings import Settings

A_DAY: Final = 24 * 3600
MOST_DAYS: Final = 3650
BY: Final = "cli"

Id = Annotated[str, typer.Argument(metavar="ID", help="Of the key; `keys list` has it.")]

keys = typer.Typer(help="The keys of people and programs.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(keys, name="keys")


@keys.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Of the person or program.")],
    role: Annotated[str, typer.Option(help="reader, learner, curator, scientist, administrator.")],
    days: Annotated[
        int | None, typer.Option(min=1, max=MOST_DAYS, help="How long it is good.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option(help="Whose resources alone a curator decides on.")
    ] = None,
    learner: Annotated[
        str | None, typer.Option(help="Whom alone a learner's key is for; `*` for all of them.")
    ] = None,
) -> None:
    """Make a key, and print its secret, which is not told again."""
    checked = _role(role, platform, learner)
    settings: Settings = context.obj
    with _catalogue(context) as catalogue:
        now = time.time()
        made, secret = catalogue.keys.create(
            name,
            checked,
            by=BY,
            now=now,
            expires=now + days * A_DAY if days else None,
            platform=platform,
            learner=_whose(learner, settings),
        )
    typer.echo(f"Made key {made.id} of {name}. Hand its secret over in a safe way:", err=True)
    typer.echo(secret)


@keys.command("list")
def list_(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Every key that holds, or with --json every one that was made; never a secret or its hash."""
    with _catalogue(context) as catalogue:
        found = catalogue.keys.all()
    if as_json:
        typer.echo(json.dumps([_told(key) for key in found], ensure_ascii=False))
        return
    holding = [key for key in found if key.holds(time.time())]
    for key in holding:
        ends = "for ever" if key.expires is None else f"until {_day(key.expires)}"
        used = "never used" if key.used is None else f"used {_day(key.used)}"
        scope = key.platform or key.learner or "all"
        typer.echo(f"{key.id}  {key.name}  {key.role}  {scope}  {ends}  {used}")
    if not holding:
        typer.echo("No key holds; `gateways keys add` makes one.", err=True)


@keys.command("rotate")
def rotate(
    context: typer.Context,
    id_: Id,
    days: Annotated[
        float, typer.Option(min=0, max=MOST_DAYS, help="How long the one before still works.")
    ] = 7,
) -> None:
    """Make a key in place of another, and print its secret, which is not told again."""
    with _catalogue(context) as catalogue:
        made, secret = catalogue.keys.rotate(id_, by=BY, now=time.time(), overlap=days * A_DAY)
    typer.echo(f"Made key {made.id}; {id_} works for {days:g} days more.", err=True)
    typer.echo(secret)


@keys.command("revoke")
def revoke(context: typer.Context, id_: Id) -> None:
    """End a key, and the sessions that were begun with it."""
    with _catalogue(context) as catalogue:
        catalogue.keys.revoke(id_, by=BY, now=time.time())
    typer.echo(f"Revoked {id_}; servers know it within seconds.", err=True)


def _catalogue(context: typer.Context) -> "Catalogue":
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    return Catalogue.open(settings.catalogue_url)


def _role(role: str, platform: str | None, learner: str | None) -> "Role":
    from data.catalogue.keys import Role

    if role not in list(Role):
        raise GatewaysError(f"keys add: --role is one of {', '.join(Role)}")
    if platform is not None and Role(role).covers(Role.SCIENTIST):
        raise GatewaysError(f"keys add: a key with the role {role} is for all platforms")
    if (Role(role) is Role.LEARNER) != (learner is not None):
        raise GatewaysError("keys add: --learner goes with the role learner, and that with it")
    return Role(role)


def _whose(learner: str | None, settings: "Settings") -> str | None:
    from data.catalogue.keys import EVERY_LEARNER
    from data.pseudonyms import objection, pseudonym

    if learner in (None, EVERY_LEARNER):
        return learner
    name = pseudonym(str(learner), settings.learner_key)
    if wrong := objection(name):
        raise GatewaysError(f"keys add: {wrong}")
    return name


def _told(key: "Key") -> dict[str, Any]:
    return {name: value for name, value in asdict(key).items() if name != "digest"}


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))
