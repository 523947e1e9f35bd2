"""What is to be retrained → on which data, and how: what is chosen where nobody said."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.protocol import Document, ReadOptions
from data.formats.registry import open_document
from data.records import Split
from data.settings import Settings
from data.splits import By
from evaluation.alignment.protocol import read_gold
from models.bundles.named import E5, E5_OAK
from models.checksums import checksum
from models.encoders.wanted import encoder_called
from models.text import TEXT_VERSION
from training.bundle.making import Plan, base_of, unseen
from training.encoder.contrastive import UPPER_LAYERS_RATE, Recipe
from training.freezing.folder import MANIFEST, open_frozen
from training.freezing.labels import labels_of
from training.labelled import read_lessons
from training.second_stage.lists import FEWEST
from training.ways import WEIGHTS, Way
from training.word_lists import NO_WORDS, read_word_lists

# Fewer resources than this teach an encoder little that it will not unlearn.
ENOUGH_FOR_WEIGHTS: Final = 1000


class TooLittleError(GatewaysError):
    """There is too little in a dataset to learn from, or to measure on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be retrained: on a dataset, or the catalogue frozen `by` outcome or resource.

    Without `by` what there is chooses: by outcome where that leaves enough, else by resource.
    Without a `way` the number of accepted alignments chooses one, without a `base` the way does.
    By word lists in `translations` some words of what an encoder learns from are translated.
    """

    dataset: Path | None = None
    by: By | None = None
    way: Way | None = None
    base: str | None = None
    translations: Path | None = None
    epochs: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A dataset to train and measure on, opened, and how to train; `dataset` is its fingerprint.

    The plan's base is `called` so by whoever ordered.
    """

    document: Document
    dataset: str
    plan: Plan
    called: str

    @property
    def bundle(self) -> str:
        """A name for what is trained: another one where anything would be learned otherwise."""
        digest = hashlib.sha256(f"{self.dataset} {self.plan} {TEXT_VERSION}".encode())
        return f"{Path(self.called).name}-{self.plan.way}-{digest.hexdigest()[:8]}"


def course_of(settings: Settings, order: Order, dataset: Path) -> Course:
    """How the order would be trained on a dataset.

    Raises TooLittleError when that has too little to learn from or to measure on.
    """
    document = open_document(dataset, ReadOptions(max_text=settings.max_text))
    for split, use in ((Split.TRAIN, "learn from"), (Split.TEST, "measure on")):
        try:
            read_gold(document, split)
        except GatewaysError:
            what = f"no alignment in split «{split}» to {use}"
            raise _too_little(order, dataset, what) from None
    lessons = read_lessons(document)
    accepted = len(lessons.learn.resources) + len(lessons.judge.resources)
    way = order.way or (Way.LORA if accepted >= ENOUGH_FOR_WEIGHTS else Way.RANKER)
    plan, called = _plan(settings, order, way)
    if way is Way.RANKER and (fitted := len(unseen(lessons, plan).resources)) < FEWEST:
        what = f"{fitted} resources to fit a ranker on, {FEWEST} are needed"
        raise _too_little(order, dataset, what)
    return Course(document=document, dataset=_fingerprint(dataset), plan=plan, called=called)


def check_order(settings: Settings, order: Order) -> None:
    """Raise GatewaysError for what is wrong with an order whatever the data are."""
    refusal: GatewaysError | None = None
    for way in [order.way] if order.way else [Way.RANKER, *sorted(WEIGHTS)]:
        try:
            _plan(settings, order, way)
        except GatewaysError as error:
            refusal = error
        else:
            return
    if refusal is not None:
        raise refusal


def _plan(settings: Settings, order: Order, way: Way) -> tuple[Plan, str]:
    """How to train in that way, and what its base is called. Raises GatewaysError."""
    called = order.base or (E5 if way in WEIGHTS else E5_OAK)
    recipe = Recipe(epochs=order.epochs, seed=order.seed)
    plan = Plan(
        way=way,
        base=encoder_called(called, settings.home),
        recipe=replace(recipe, rate=UPPER_LAYERS_RATE) if way is Way.ENCODER else recipe,
        words=read_word_lists(order.translations) if order.translations else NO_WORDS,
        resume=True,
    )
    base_of(plan)
    if order.translations and way not in WEIGHTS:
        raise GatewaysError(
            f"--translations: a {way} learns of no words; give --way lora or encoder with it"
        )
    return plan, called


def to_freeze(settings: Settings) -> tuple[int, int]:
    """How many accepted and rejected alignments the catalogue has now; nothing is written."""
    with Catalogue.open(settings.catalogue_url) as catalogue:
        assignable = {found.id for found in catalogue.outcomes.live() if found.assignable}
        standing = catalogue.ledger.all_standing()
        labels = labels_of(catalogue.alignments.stated(), standing, assignable)
    return len(labels.accepted), len(labels.rejected)


def _fingerprint(dataset: Path) -> str:
    """Names the contents of a dataset, 16 hex digits: a frozen one's own, else a hash of files."""
    if (dataset / MANIFEST).is_file():
        return open_frozen(dataset).fingerprint
    files = [dataset] if dataset.is_file() else sorted(dataset.rglob("*"))
    digest = hashlib.sha256()
    for path in files:
        if path.is_file():
            digest.update(f"{path.relative_to(dataset.parent)} {checksum(path)}\n".encode())
    return digest.hexdigest()[:16]


def _too_little(order: Order, dataset: Path, what: str) -> TooLittleError:
    # Where resources have several outcomes, parting by outcome may leave most of them out.
    by_outcome = order.dataset is None and order.by is By.OUTCOME
    part_anew = "part it `--by resource`, which leaves out less, " if by_outcome else ""
    return TooLittleError(
        f"{dataset}: too little to retrain on: {what}; {part_anew}accept more suggestions, or "
        "import a dataset with alignments, and try again"
    )
