"""The `models` commands."""

import json
import logging
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import GatewaysError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TypeAlias

    from data.settings import Settings
    from models.bundles.released import Release
    from models.snapshots.manifest import Manifest
    from training.registry.kinds import Kind
    from training.registry.store import Registry
    from training.registry.versions import Version

    # What serves after a change, and its index if it has one.
    _Promoted: TypeAlias = tuple[Release, Manifest | None]

models = typer.Typer(
    help="See what was trained, choose what serves, and go back.", no_args_is_help=True
)

log = logging.getLogger(__name__)

Named = Annotated[
    str,
    typer.Argument(
        help="A number, `champion`, `challenger`, `shipped`, or a bundle's name; with `learner/` "
        "before it, of the learner model."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
Margin = Annotated[float, typer.Option(min=0, max=1, help="How far a slice may fall.")]


@models.callback()
def _models() -> None:
    """See what was trained, choose what serves, and go back."""


@models.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List the versions of the models, the newest first; what ships is the last."""
    from training.registry.kinds import ALIGNMENT, LEARNER
    from training.registry.version_view import print_versions, summary

    versions = _registry(context.obj, ALIGNMENT).versions()
    of_learners = _registry(context.obj, LEARNER).versions()
    if as_json:
        _print_json(
            {
                "versions": [summary(version, ALIGNMENT) for version in versions],
                "learner": [summary(version, LEARNER) for version in of_learners],
            }
        )
    else:
        print_versions(versions, ALIGNMENT)
        print_versions(of_learners, LEARNER)


@models.command()
def show(context: typer.Context, model: Named, as_json: Json = False) -> None:
    """Show all that is known of a version: figures, manifest, card, and when it served."""
    from models.bundles.released import history
    from training.registry.version_view import details, print_details

    kind, version = _found(context.obj, model)
    changes = history(_pointers(context.obj, kind))
    if as_json:
        _print_json(details(version, kind, changes))
    else:
        print_details(version, kind, changes)


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

    (kind, first), (other, second) = (_found(context.obj, name) for name in (before, after))
    if kind is not other:
        raise GatewaysError(f"models compare: {before} and {after} are of different models")
    found = compared(first, second, kind)
    changed, against, doubts = found.to_json(), found.objections(margin), found.doubts(margin)
    names = [kind.prefix + version.name for version in (first, second)]
    if as_json:
        gate = {"objections": list(against), "doubts": list(doubts)}
        said = {"before": names[0], "after": names[1], **gate}
        _print_json({**changed, **said})
        return
    print_changes(changed)
    if against:
        typer.echo(_listed(f"Against version {names[1]} in place of {names[0]}:", against))
    else:
        typer.echo(f"Nothing speaks against version {names[1]} in place of {names[0]}.")
    for doubt in doubts:
        typer.echo(doubt)


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
    from models.bundles.released import CHAMPION
    from training.registry import promotion

    if force != bool(reason.strip()):
        raise GatewaysError("models promote: --force and --reason TEXT go together")
    settings: Settings = context.obj
    with Workspace(settings.home).writing("models promote"):
        kind, version = _found(settings, model)
        registry = _registry(settings, kind)
        word = promotion.gate(registry.version(CHAMPION), version, margin, kind)
        against = word.objections
        name = kind.prefix + version.name
        if against and not force:
            if as_json:
                _print_json({"champion": None, "objections": list(against)})
            raise GatewaysError(
                _listed(f"version {name} is not promoted:", against)
                + "\n`--force --reason TEXT` promotes it all the same, and keeps the reason"
            )
        promoted = _promoted(settings, kind, version, against, reason)
        registry.crown(version.name)
        if force:
            registry.note_force(version.name, reason, against)
    if not as_json:
        for doubt in word.doubts:
            typer.echo(doubt, err=True)
    gate = {"objections": list(against), "doubts": list(word.doubts)}
    _tell(promoted, kind, as_json, forced=force, **gate)


@models.command()
def rollback(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(help="Of which model: `alignment` or `learner`.")
    ] = "alignment",
    reason: Annotated[str, typer.Option(help="Why; it is kept.")] = "",
    as_json: Json = False,
) -> None:
    """Have the champion before serve again; a running server follows."""
    from data.workspace import Workspace
    from training.registry import learner_promotion, promotion
    from training.registry.kinds import KINDS, LEARNER

    kind = next((each for each in KINDS if each.name == model), None)
    if kind is None:
        raise GatewaysError(f"models rollback: {model!r} is neither `alignment` nor `learner`")
    settings: Settings = context.obj
    with Workspace(settings.home).writing("models rollback"):
        promoted: _Promoted
        if kind is LEARNER:
            promoted = learner_promotion.roll_back_learner(settings, reason.strip()), None
        else:
            found = promotion.roll_back(settings, reason.strip())
            promoted = found.release, found.index
        try:
            _registry(settings, kind)  # its alias follows
        except GatewaysError as error:  # the way back needs no registry
            log.warning("%s", error)
    _tell(promoted, kind, as_json)


def _registry(settings: "Settings", kind: "Kind") -> "Registry":
    """The registry, with its alias where the pointer says: the pointer is what holds."""
    from data.workspace import Workspace
    from models.bundles.released import champion
    from training.registry.store import Registry

    registry = Registry(Workspace(settings.home).registry, kind)
    registry.crown(champion(_pointers(settings, kind)).version)
    return registry


def _pointers(settings: "Settings", kind: "Kind") -> "Path":
    """Where the pointer of a kind of model is."""
    from data.workspace import Workspace
    from training.registry.kinds import LEARNER

    workspace = Workspace(settings.home)
    return workspace.learner_models if kind is LEARNER else workspace.models


def _found(settings: "Settings", name: str) -> "tuple[Kind, Version]":
    """The version of that name. Raises NotFoundError."""
    from training.registry.kinds import ALIGNMENT, LEARNER

    kind = LEARNER if name.startswith(LEARNER.prefix) else ALIGNMENT
    return kind, _registry(settings, kind).version(name.removeprefix(kind.prefix))


def _promoted(
    settings: "Settings",
    kind: "Kind",
    version: "Version",
    against: "Sequence[str]",
    reason: str,
) -> "_Promoted":
    from training.registry import learner_promotion, promotion
    from training.registry.kinds import LEARNER

    if kind is LEARNER:
        made = learner_promotion.promote_learner(settings, version, against=against, reason=reason)
        return made, None
    found = promotion.promote(settings, version, against=against, reason=reason)
    return found.release, found.index


def _tell(promoted: "_Promoted", kind: "Kind", as_json: bool, **more: Any) -> None:
    from training.registry.kinds import LEARNER

    release, index = promoted
    name = kind.prefix + release.version
    if as_json:
        _print_json({"champion": name, "index": index and index.id, **more})
    elif kind is LEARNER:
        typer.echo(
            f"The champion is version {name}; a running server follows within seconds.", err=True
        )
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
