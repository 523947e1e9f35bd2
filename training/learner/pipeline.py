"""fit → judge → register → take into use, if the one in use does not foretell learners better.

The model that serves is fitted to all learners. Beside it lies what was fitted without those that
judge: only that can be judged by them, now and when the next model is compared with it.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from data.errors import GatewaysError
from data.settings import Settings
from data.workspace import Workspace
from evaluation.learner.judging import Judged, judge, write_judged
from models.bundles.released import SHIPPED, champion
from models.checksums import checksum
from models.learner.model import FILE, LearnerModel, read_learner_model, write_learner_model
from models.learner.tracing import Tracer, starting_tracer
from training.code_version import code_version
from training.learner.fitting import Done, fitted, judges, rehearsed
from training.registry.kinds import LEARNER
from training.registry.learner_promotion import promote_learner
from training.registry.promotion import gate
from training.registry.store import Registry
from training.registry.versions import Version

Say = Callable[[str], None]

REHEARSED: Final = "rehearsed.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedLearner:
    """The registered version and its model, what was in use, and what speaks against the change."""

    version: Version
    model: LearnerModel
    before: Version
    objections: tuple[str, ...]


def train_learner(settings: Settings, done: Done, say: Say) -> TrainedLearner:
    """Run every step; `say` is told which. What is worse than what is in use is only registered.

    Raises GatewaysError when there is too little to learn from, or MLflow is not installed.
    """
    workspace = Workspace(settings.home)
    registry = Registry(workspace.registry, LEARNER)
    registry.check()
    say(f"1 of 3: fitting to {len(done.histories):,} learners, with and without those that judge")
    model, rehearsal = fitted(done), rehearsed(done)
    with workspace.writing("train learner"), TemporaryDirectory() as place:
        aside = Path(place)
        before = _in_use(settings, registry, aside / "in-use")
        judging, data = judges(done)
        say(f"2 of 3: comparing it with version {before.name} by {len(judging):,} learners")
        tracers = _rehearsal_of(before), rehearsal
        theirs, own = (judge(tracer, judging, data, tracer.answers) for tracer in tracers)
        say("3 of 3: registering it")
        _report(registry, before, theirs, aside)
        version = _registered(registry, done, model, rehearsal, own, aside / "learner")
        _report(registry, version, own, aside)
        version, before = registry.version(version.name), registry.version(before.name)
        against = gate(before, version, kind=LEARNER).objections
        if not against:
            promote_learner(settings, version)
            registry.crown(version.name)
    return TrainedLearner(
        version=registry.version(version.name), model=model, before=before, objections=against
    )


def _in_use(settings: Settings, registry: Registry, aside: Path) -> Version:
    """What serves; a file that was never registered is, so that there is a way back to it."""
    workspace = Workspace(settings.home)
    registry.crown(champion(workspace.learner_models).version)
    file = workspace.learner_model
    try:
        read_learner_model(file)
    except GatewaysError:  # it is damaged, or there is none
        return registry.version(SHIPPED)
    digest = checksum(file)
    known = {version.digest: version for version in registry.versions()}
    if digest not in known:
        aside.mkdir()
        shutil.copy2(file, aside / FILE)
        registry.register(aside, dataset="", parameters={}, metrics={}, code="")
        known = {version.digest: version for version in registry.versions()}
    promote_learner(settings, known[digest])
    registry.crown(known[digest].name)
    return registry.version(known[digest].name)


def _rehearsal_of(version: Version) -> Tracer:
    """What can be judged of a version: of one that was not made here, all that there is."""
    for name in (REHEARSED, FILE):
        if (version.folder / name).is_file():
            return read_learner_model(version.folder / name).tracer
    return starting_tracer()


def _registered(
    registry: Registry,
    done: Done,
    model: LearnerModel,
    rehearsal: Tracer,
    own: Judged,
    folder: Path,
) -> Version:
    write_learner_model(folder / FILE, model)
    write_learner_model(folder / REHEARSED, LearnerModel(tracer=rehearsal))
    tracer = model.tracer
    return registry.register(
        folder,
        dataset=done.fingerprint,
        parameters={
            "trained_on": done.name,
            "kind": tracer.kind,
            "share": tracer.share,
            "learners": tracer.learners,
            "answers": tracer.answers,
        },
        metrics=own.figures,
        code=code_version(),
    )


def _report(registry: Registry, version: Version, judged: Judged, aside: Path) -> None:
    file = aside / "judged.json"
    write_judged(file, judged)
    registry.add_report(version.name, judged.data, file)
