"""A dataset → a bundle: learn, judge, fit the second stage, and seal with a card."""

import logging
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from data.errors import GatewaysError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.formats.rejections import read_rejections
from data.progress import Progress
from data.settings import Settings
from data.workspace import Workspace
from evaluation.alignment.ablation import Field
from models.backends.model_folder import check_whole
from models.bundles.bundle import (
    CONFIDENCE,
    ENCODER,
    RANKER,
    Bundle,
    with_checksums,
    write_manifest,
)
from models.bundles.named import bundle_named
from models.encoder import Encoder
from models.encoders.loading import bundled_encoder, encoder_folder
from models.encoders.wanted import encoder_called
from models.ranking.confidence import read_confidence
from models.ranking.second_stage import SecondStage, judging_bundle, of_bundle
from models.snapshots.indexing import build
from models.snapshots.open import open_encoder
from models.workers.opening import open_workers
from training.bundle.card import write_card
from training.bundle.place import beside, check_place
from training.encoder.adapter import train_adapter
from training.encoder.contrastive import Recipe
from training.encoder.run import Weights
from training.encoder.training import train_encoder
from training.labelled import (
    Labelled,
    Lessons,
    lessons_with,
    lessons_without,
    read_lessons,
)
from training.second_stage.fitting import fit_second_stage
from training.second_stage.lists import RESOURCES, SIZE, TooFewError, parts_for
from training.ways import WEIGHTS, Way
from training.word_lists import NO_WORDS, WordLists

# After training meaning says more: on Oak's dev split .1 was better than 0 and than .2.
WORDS_WEIGHT = 0.1

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to train: on which encoder or bundle, by which recipe, without which fields.

    Of the `words` some are translated in what the encoder's own weights learn from.
    """

    way: Way
    base: str
    recipe: Recipe
    without: frozenset[Field] = frozenset()
    words: WordLists = NO_WORDS
    resume: bool = False


def train_bundle(
    dataset: Path, settings: Settings, plan: Plan, out: Path | None, progress: Progress
) -> Bundle:
    """Train on a dataset and write a bundle; what comes back is sealed.

    The folder `out` is by default one among the workspace's models; what is there stays until the
    bundle is whole. Raises GatewaysError when there is too little to learn from, when the base is
    not there, and when something else than a bundle is in the folder.
    """
    workspace = Workspace(settings.home)
    if out is not None:
        check_place(out, resume=plan.resume)
    document = open_document(dataset, ReadOptions(max_text=settings.max_text))
    lessons = replace(lessons_without(read_lessons(document), plan.without), words=plan.words)
    if dataset.is_dir():
        lessons = lessons_with(lessons, read_rejections(dataset))
    plan = replace(plan, base=encoder_called(plan.base, settings.home))
    if out is None:
        out = workspace.models / f"{Path(plan.base).name}-{plan.way}-{lessons.dataset}"
        check_place(out, resume=plan.resume)
    with beside(out) as folder:
        made = _made(lessons, settings, plan, folder, out.name, progress)
        write_card(with_checksums(made), out.name, document.dataset)
        sealed = write_manifest(made)
    return replace(sealed, folder=out)


def _made(
    lessons: Lessons,
    settings: Settings,
    plan: Plan,
    folder: Path,
    name: str,
    progress: Progress,
) -> Bundle:
    """All of the bundle `name` but for its card and manifest."""
    workspace = Workspace(settings.home)
    base = base_of(plan)
    _begin(plan, folder)
    figures = _learned(lessons, settings, plan, folder, progress)
    bundle = Bundle(
        folder=folder,
        base=base,
        trained_on=lessons.dataset,
        frameworks=sorted({outcome.framework for outcome in lessons.outcomes}),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        recipe={"way": plan.way.value, **_said(plan)},
        figures={name: round(value, 4) for name, value in figures.items()},
    )
    encoder = bundled_encoder(
        with_checksums(bundle),
        name,
        workspace.models,
        settings.threads,
        workspace.vectors,
        settings.backend,
        open_workers(settings),
    )
    stage = _second_stage(lessons, encoder, plan, progress)
    stage.confidence.write(folder / CONFIDENCE)
    if stage.ranker is not None:
        (folder / RANKER).write_bytes(stage.ranker.packed)
    return bundle


def base_of(plan: Plan) -> str:
    """The name of the encoder below the plan's base. Raises GatewaysError if that will not do."""
    bundle = bundle_named(plan.base)
    if bundle and _has_learned(bundle) and plan.way in WEIGHTS:
        raise GatewaysError(
            f"--base {plan.base}: has been trained already; begin with what it was trained from, "
            f"--base {bundle.base}, or train an adapter or a ranker on top"
        )
    if bundle and bundle.adapter and plan.way is Way.ADAPTER:
        raise GatewaysError(f"--base {plan.base}: has an adapter already; begin with its base")
    if bundle is None and Path(plan.base).is_dir():
        check_whole(Path(plan.base))
    return bundle.base if bundle else plan.base


def _begin(plan: Plan, folder: Path) -> None:
    """Take over what the base has learned."""
    bundle = bundle_named(plan.base)
    if bundle is None:
        return
    for part in (bundle.low_rank, bundle.adapter):
        if part is not None:
            shutil.copyfile(part, folder / part.name)
    if bundle.encoder is not None:
        shutil.copytree(bundle.encoder, folder / ENCODER)


def _has_learned(bundle: Bundle | None) -> bool:
    """Whether something of the encoder itself was learned."""
    return bundle is not None and any((bundle.low_rank, bundle.adapter, bundle.encoder))


def _has_learned_of(bundle: Bundle, lessons: Lessons) -> bool:
    """Whether something of the encoder may have been learned from these lessons' frameworks."""
    own = {outcome.framework for outcome in lessons.outcomes}
    return _has_learned(bundle) and (not bundle.frameworks or not own.isdisjoint(bundle.frameworks))


def _learned(
    lessons: Lessons, settings: Settings, plan: Plan, out: Path, progress: Progress
) -> Mapping[str, float]:
    """Learn what the plan says into the folder `out`; how it was judged comes back."""
    workspace = Workspace(settings.home)
    if plan.way is Way.RANKER:
        return {}
    if plan.way is Way.ADAPTER:
        encoder = open_encoder(settings.model_copy(update={"encoder": plan.base}))
        return train_adapter(lessons, encoder, out, plan.recipe.seed, progress)
    weights = Weights.LOW_RANK if plan.way is Way.LORA else Weights.UPPER_LAYERS
    return train_encoder(
        lessons,
        encoder_folder(plan.base, workspace.models),
        out,
        plan.recipe,
        weights,
        resume=plan.resume,
        progress=progress,
    )


def _second_stage(
    lessons: Lessons, encoder: Encoder, plan: Plan, progress: Progress
) -> SecondStage:
    """Fit on what the encoder did not learn from; where that is too little, keep what ships.

    The base's own ranker may be of another version, which is a reason to fit one.
    """
    labelled = unseen(lessons, plan)
    before = judging_bundle(plan.base)
    confidence = read_confidence(before.confidence)
    trained = plan.way in WEIGHTS
    assignable = sum(outcome.assignable for outcome in lessons.outcomes)
    resources = min(RESOURCES, len(labelled.resources))
    total = assignable + resources + parts_for(resources) * SIZE
    with progress("Fitting the ranker", total) as advance:
        snapshot = build(lessons.outcomes, [], encoder, confidence=confidence, progress=advance)
        try:
            return fit_second_stage(
                snapshot,
                encoder,
                labelled,
                words_weight=WORDS_WEIGHT if trained else confidence.words_weight,
                fitted_on=f"{lessons.dataset} (held out)",
                seed=plan.recipe.seed,
                progress=advance,
            )
        except TooFewError as error:
            if plan.way is Way.RANKER:  # nothing else would be learned
                raise
            kept = confidence.encoder
            log.warning("%s: %s, so that the ranker of %s is kept", lessons.dataset, error, kept)
            return of_bundle(before)


def unseen(lessons: Lessons, plan: Plan) -> Labelled:
    """What the encoder did not learn from, as far as is known: a ranker can be fitted on it.

    Where weights are trained that is what they are judged by; where they are taken over, all that
    is of other frameworks than they were trained on.
    """
    bundle = bundle_named(plan.base)
    if plan.way is not Way.RANKER or (bundle and _has_learned_of(bundle, lessons)):
        return lessons.judge
    return Labelled(
        resources=[*lessons.learn.resources, *lessons.judge.resources],
        gold={**lessons.learn.gold, **lessons.judge.gold},
        rejected={**lessons.learn.rejected, **lessons.judge.rejected},
    )


def _said(plan: Plan) -> dict[str, object]:
    """What of a recipe is worth keeping: all of it, where weights were trained by it."""
    said: dict[str, object] = {"without": sorted(plan.without)} if plan.without else {}
    if plan.words.fingerprint:
        said |= {"translations": plan.words.fingerprint}
    if plan.way in WEIGHTS:
        return said | asdict(plan.recipe)
    return said | {"seed": plan.recipe.seed}
