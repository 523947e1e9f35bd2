"""The `lti` commands: which learning platforms may launch us, and the key that we sign with."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import GatewaysError
from data.json_text import parsed

if TYPE_CHECKING:
    from data.catalogue.lti import LtiPlatform
    from data.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
lti = typer.Typer(help="The learning platforms that may show our pages.", no_args_is_help=True)


@lti.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the platform is called here.")],
    issuer: Annotated[str, typer.Option(help="Its issuer, also called platform id.")],
    client_id: Annotated[str, typer.Option(help="The client id that it gave us.")],
    deployment: Annotated[
        list[str], typer.Option(help="A deployment id that it gave us; may be repeated.")
    ],
    authorisation_url: Annotated[
        str, typer.Option(help="Where its logins go on, also called authentication request URL.")
    ],
    token_url: Annotated[
        str | None, typer.Option(help="Where it gives access tokens; kept, and not used yet.")
    ] = None,
    jwks_url: Annotated[
        str | None, typer.Option(help="Where its public keys are, also called keyset URL.")
    ] = None,
    jwks: Annotated[
        Path | None, typer.Option(help="Its public keys in a file, where no network is.")
    ] = None,
    frame: Annotated[
        list[str] | None,
        typer.Option(help="Another address under which its pages are; may be repeated."),
    ] = None,
) -> None:
    """Register a platform, so that it may launch us. Nothing is asked of it."""
    from data.catalogue import Catalogue
    from service.lti.registering import platform_of

    texts = {
        "issuer": issuer,
        "client_id": client_id,
        "authorisation_url": authorisation_url,
        "token_url": token_url,
        "jwks_url": jwks_url,
    }
    keys = None if jwks is None else _read(jwks)
    platform = platform_of(name, texts, deployment, keys, frame or ())
    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.lti_platforms.add(platform)
    typer.echo(f"Registered {name}; it may launch us from now on.", err=True)
    if settings.learner_key is None:
        typer.echo("Learners get no next steps there until GATEWAYS_LEARNER_KEY is set.", err=True)


@lti.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """Every platform that may launch us."""
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        found = catalogue.lti_platforms.all()
    if as_json:
        typer.echo(json.dumps([_json(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        typer.echo(f"{one.name}  {one.issuer}  client {one.client_id}")
    if not found:
        typer.echo("No platform is registered; `gateways lti add` does so.", err=True)


@lti.command("remove")
def remove(
    context: typer.Context, name: Annotated[str, typer.Argument(help="Name of the platform.")]
) -> None:
    """Forget a platform: it launches us no more, and pages that it opened end."""
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.lti_platforms.remove(name)
    typer.echo(f"Removed {name}.", err=True)


@lti.command("key")
def key(
    context: typer.Context,
    rotate: Annotated[
        bool,
        typer.Option(
            "--rotate", help="Make a new key; the one before it stays known until the next."
        ),
    ] = False,
) -> None:
    """Print our public keys as a JSON Web Key Set; the first is the one that we sign with."""
    from data.workspace import Workspace
    from service.lti.keys import LtiKeys

    settings: Settings = context.obj
    keys = LtiKeys(Workspace(settings.home).lti)
    if rotate:
        keys.rotate()
        typer.echo("A new key is in use; the one before it stays in the set.", err=True)
    typer.echo(json.dumps({"keys": [pair.jwk for pair in keys.all()]}, indent=2))


def _read(file: Path) -> Any:
    try:
        return parsed(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise GatewaysError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise GatewaysError(f"{file}: is not JSON") from None


def _json(platform: "LtiPlatform") -> dict[str, Any]:
    return {
        "name": platform.name,
        "issuer": platform.issuer,
        "client_id": platform.client_id,
        "deployments": list(platform.deployments),
        "authorisation_url": platform.authorisation_url,
        "token_url": platform.token_url,
        "jwks_url": platform.jwks_url,
        "origins": list(platform.origins),
        "created": platform.created,
    }
