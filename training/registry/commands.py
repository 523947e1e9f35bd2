"""The `models` commands."""

import json
import logging
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import GatewaysError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.settings import Settings
    from training.registry.promotion import Promoted
    from training.registry.store import Registry

models = typer.Typer(
    help="See what was trained, choose what serves, and go back.", no_args_is_help=True
)

log = logging.getLogger(__name__)

Named = Annotated[
    str, typer.Argument(help="A number, `champion`, `challenger`, `shipped`, or a bundle's name.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
Margin = Annotated[float, typer.Option(min=0, max=1, help="How far a slice may fall.")]


@models.callback()
def _models() -> None:
    """See what was trained, choose what serves, and go back."""


@models.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List the versions of the model, the newest first; what ships is the last."""
    from training.registry.version_view import print_versions, summary

    versions = _registry(context.obj).versions()
    if as_json:
        _print_json({"versions": [summary(version) for version in versions]})
    else:
        print_versions(versions)


@models.command()
def show(context: typer.Context, model: Named, as_json: Json = False) -> None:
    """Show all that is known of a version: figures, manifest, card, and when it served."""
    from data.workspace import Workspace
    from models.bundles.released import history
    from training.registry.version_view import details, print_details

    settings: Settings = context.obj
    version = _registry(settings).version(model)
    changes = history(Workspace(settings.home).models)
    if as_json:
        _print_json(details(version, changes))
    else:
        print_details(version, changes)


@models.command()
def compare(
    context: typer.Context,
    before: Annotated[str, typer.Argument(metavar="A", help="The version before.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The version after.")],
    margin: Margin = 0.02,
    as_json: Json = False,
) -> None:
    """Say whether B could take the place of A, by their reports of the same data."""
    from training.registry.promotion import compared
    from training.registry.version_view import print_changes

    registry = _registry(context.obj)
    first, second = registry.version(before), registry.version(after)
    found = compared(first, second)
    changed, against = found.to_json(), found.objections(margin)
    if as_json:
        names = {"before": first.name, "after": second.name}
        _print_json({**changed, **names, "objections": list(against)})
        return
    print_changes(changed)
    if against:
        typer.echo(_listed(f"Against version {second.name} in place of {first.name}:", against))
    else:
        typer.echo(f"Nothing speaks against version {second.name} in place of {first.name}.")


@models.command()
def promote(
    context: typer.Context,
    model: Named,
    margin: Margin = 0.02,
    force: Annotated[
        bool, typer.Option("--force", help="Promote in spite of the gate; the reason is kept.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why it is forced.")] = "",
    as_json: Json = False,
) -> None:
    """Have a version serve, if it is not worse than the champion; a running server follows."""
    from data.workspace import Workspace
    from training.registry import promotion
    from training.registry.versions import CHAMPION

    if force != bool(reason.strip()):
        raise GatewaysError("models promote: --force and --reason TEXT go together")
    settings: Settings = context.obj
    with Workspace(settings.home).writing("models promote"):
        registry = _registry(settings)
        version = registry.version(model)
        against = promotion.objections(registry.version(CHAMPION), version, margin)
        if against and not force:
            if as_json:
                _print_json({"champion": None, "objections": list(against)})
            raise GatewaysError(
                _listed(f"version {version.name} is not promoted:", against)
                + "\n`--force --reason TEXT` promotes it all the same, and keeps the reason"
            )
        promoted = promotion.promote(settings, version, against=against, reason=reason)
        registry.crown(version.name)
        if force:
            registry.note_force(version.name, reason, against)
    _tell(promoted, as_json, forced=force, objections=list(against))


@models.command()
def rollback(
    context: typer.Context,
    reason: Annotated[str, typer.Option(help="Why; it is kept.")] = "",
    as_json: Json = False,
) -> None:
    """Have the champion before serve again; a running server follows."""
    from data.workspace import Workspace
    from training.registry import promotion

    settings: Settings = context.obj
    with Workspace(settings.home).writing("models rollback"):
        promoted = promotion.roll_back(settings, reason.strip())
        try:
            _registry(settings)  # its alias follows
        except GatewaysError as error:  # the way back needs no registry
            log.warning("%s", error)
    _tell(promoted, as_json)


def _registry(settings: "Settings") -> "Registry":
    """The registry, with its alias where the pointer says: the pointer is what holds."""
    from data.workspace import Workspace
    from models.bundles.released import champion
    from training.registry.store import Registry

    workspace = Workspace(settings.home)
    registry = Registry(workspace.registry)
    registry.crown(champion(workspace.models).version)
    return registry


def _tell(promoted: "Promoted", as_json: bool, **more: Any) -> None:
    name, index = promoted.release.version, promoted.index
    if as_json:
        _print_json({"champion": name, "index": index and index.id, **more})
    elif index is None:
        typer.echo(
            f"The champion is version {name}; there is no index yet, and `gateways index` makes it "
            "with this version.",
            err=True,
        )
    else:
        typer.echo(
            f"The champion is version {name}, with index {index.id}; a running server follows "
            "within seconds.",
            err=True,
        )


def _listed(head: str, points: "Sequence[str]") -> str:
    return "\n".join([head, *(f"  - {point}" for point in points)])


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
