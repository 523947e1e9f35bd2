"""Which learner model serves: a change of it, and the way back. Knows no MLflow.

A running server follows the file that serves, `learner.json`, and takes it over between two
requests. The model is copied beside the others that served; then the file is replaced, at once and
whole; then the pointer, whose history is the way back. Killed in between, the same command
completes the change.
"""

from collections.abc import Sequence
from pathlib import Path

from data.catalogue import Catalogue
from data.catalogue.audit_table import Event
from data.durable import replace_text, sync
from data.errors import ConflictError, GatewaysError
from data.settings import Settings
from data.workspace import Workspace
from models.bundles.released import FIRST, SHIPPED, Release, champions, change_to, record
from models.checksums import checksum
from models.learner.model import FILE, read_learner_model
from training.registry.kinds import LEARNER
from training.registry.versions import Version


def promote_learner(
    settings: Settings, version: Version, *, against: Sequence[str] = (), reason: str = ""
) -> Release:
    """Have a version serve from now on. `reason` says why, in spite of what is `against` it.

    Raises GatewaysError when it is damaged or cannot be written; what served before then goes on.
    """
    workspace = Workspace(settings.home)
    made = FIRST if version.name == SHIPPED else _released(version, workspace.learner_models)
    _serve(workspace, made)
    if made != champions(workspace.learner_models)[-1]:
        record(workspace.learner_models, change_to(made, "promote", reason, against))
        _note(settings, Event.PROMOTION, made)
    return made


def roll_back_learner(settings: Settings, reason: str = "") -> Release:
    """Have the one before serve again; given again, the one before that; a `reason` is kept.

    Raises ConflictError when nothing was before, GatewaysError when its file is damaged.
    """
    workspace = Workspace(settings.home)
    *_, before, _now = [None, *champions(workspace.learner_models)]
    if before is None:
        raise ConflictError("no learner model was promoted, so there is none to go back to")
    _serve(workspace, before)
    record(workspace.learner_models, change_to(before, "rollback", reason))
    _note(settings, Event.ROLLBACK, before)
    return before


def _released(version: Version, folder: Path) -> Release:
    """Copy a version's file to where the way back finds it."""
    source = version.folder / FILE
    read_learner_model(source)
    name = f"{version.name}-{checksum(source)[:8]}.json"
    _write(folder / name, source)
    return Release(version=version.name, folder=name)


def _serve(workspace: Workspace, made: Release) -> None:
    """Put a release in the place of the file that serves; without one a platform starts anew."""
    if made.folder is not None:
        source = workspace.learner_models / made.folder
        read_learner_model(source)
        _write(workspace.learner_model, source)
    elif workspace.learner_model.exists():
        try:
            workspace.learner_model.unlink()
            sync(workspace.home)
        except OSError as error:
            raise GatewaysError(
                f"{workspace.learner_model}: cannot be removed ({error.strerror})"
            ) from None


def _write(path: Path, source: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, source.read_text(encoding="utf-8"))
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be written ({error.strerror})") from None


def _note(settings: Settings, event: Event, made: Release) -> None:
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.audit.note(event, LEARNER.prefix + made.version, {})
