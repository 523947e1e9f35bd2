"""Which model serves: the gate before it, the way to it, and the way back. Knows no MLflow.

A change is made in this order: the bundle is copied to where serving reads it; the catalogue is
indexed with it, and that index published; the pointer is set; then the registry's alias.

A running server follows the published index alone, whose manifest names the encoder that made it.
So wherever a change is killed, what serves fits together. Until the index is published nothing has
changed for anyone. Killed after that, the new model serves, but the pointer does not yet say so:
the next `gateways index` would go back to the model before, as if nothing had been promoted, and
the same command given again finds the index made, and completes the change. Were the pointer set
first, an index that cannot be made (a full disk, say) would leave it naming what nobody serves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.catalogue import Catalogue
from data.catalogue.audit_table import Event
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.settings import Settings
from data.workspace import Workspace
from evaluation.benchmark.comparison import MARGIN, Comparison, compare
from evaluation.benchmark.report_file import read_report
from evaluation.learner.judging import LearnerComparison, compare_learners
from models.bundles.released import (
    AUTO,
    FIRST,
    SHIPPED,
    Release,
    champions,
    change_to,
    encoder_name,
    record,
    release,
)
from models.snapshots.manifest import Manifest, published
from models.snapshots.publishing import index_catalogue
from training.registry.kinds import ALIGNMENT, LEARNER, Kind
from training.registry.versions import Version, newest_shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """What serves after a change: the release, and its index unless there is none yet."""

    release: Release
    index: Manifest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The gate's word: what speaks against a promotion, and what has to be known of it, if not."""

    objections: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def gate(
    champion: Version, candidate: Version, margin: float = MARGIN, kind: Kind = ALIGNMENT
) -> Word:
    """What speaks against `candidate` in the champion's place; nothing, if it may be promoted.

    Both must have a report of the same data, of enough of them. There it must not be worse overall,
    by the paired bootstrap, and no slice may fall by more than `margin`.
    """
    if candidate.name == champion.name:
        return Word()
    try:
        found = compared(champion, candidate, kind)
    except NotFoundError as error:
        return Word(objections=(str(error),))
    return Word(objections=tuple(found.objections(margin)), doubts=tuple(found.doubts(margin)))


def compared(
    before: Version, after: Version, kind: Kind = ALIGNMENT
) -> Comparison | LearnerComparison:
    """What changes from one version to another, by the newest reports of the same data.

    Raises NotFoundError when they have none.
    """
    reports = newest_shared(before, after)
    return compare_learners(*reports) if kind is LEARNER else differences(*reports)


def differences(before: Path, after: Path) -> Comparison:
    """Compare two report files, query by query. Raises GatewaysError if they are of other data."""
    return compare(read_report(before), read_report(after))


def promote(
    settings: Settings, version: Version, *, against: Sequence[str] = (), reason: str = ""
) -> Promoted:
    """Have a version serve from now on. `reason` says why, in spite of what is `against` it.

    Raises GatewaysError when that is not to be; what served before then goes on.
    """
    if against and not reason:
        raise GatewaysError(f"version {version.name} is not promoted: {'; '.join(against)}")
    _check_open(settings)
    models = Workspace(settings.home).models
    made = FIRST if version.name == SHIPPED else release(version.folder, models, version.name)
    index = _publish_with(settings, made)
    if made != champions(models)[-1]:
        record(models, change_to(made, "promote", reason, against))
        _note(settings, Event.PROMOTION, made, index)
    return Promoted(release=made, index=index)


def roll_back(settings: Settings, reason: str = "") -> Promoted:
    """Have the champion before serve again; given again, the one before that.

    A `reason` is kept in the history of champions.

    Raises ConflictError when nothing was before, GatewaysError when its bundle is damaged.
    """
    _check_open(settings)
    models = Workspace(settings.home).models
    *_, before, _now = [None, *champions(models)]
    if before is None:
        raise ConflictError("nothing served before this model, so there is none to go back to")
    index = _publish_with(settings, before)
    record(models, change_to(before, "rollback", reason))
    _note(settings, Event.ROLLBACK, before, index)
    return Promoted(release=before, index=index)


def _publish_with(settings: Settings, made: Release) -> Manifest | None:
    """Index the catalogue with a release, or take its kept index; where none is yet, none is made.

    That takes no embedding where the texts are known to its encoder from before.
    """
    workspace = Workspace(settings.home)
    if not published(workspace.snapshots):
        return None
    name = encoder_name(made, workspace.models)
    return index_catalogue(settings.model_copy(update={"encoder": name}))[0]


def _note(settings: Settings, event: Event, made: Release, index: Manifest | None) -> None:
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.audit.note(event, made.version, {"index": index.id if index else None})


def _check_open(settings: Settings) -> None:
    if settings.encoder != AUTO:
        raise ConflictError(
            f"the setting `encoder` is {settings.encoder!r}, which goes before every champion; "
            "take it out of the environment and gateways.toml, or make it `auto`"
        )
