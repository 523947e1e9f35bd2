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
from models.text import TEXT_VERSION
from training.bundle.making import Plan, unseen
from training.encoder.contrastive import UPPER_LAYERS_RATE, Recipe
from training.freezing.folder import MANIFEST, open_frozen
from training.freezing.labels import labels_of
from training.labelled import read_lessons
from training.second_stage.lists import FEWEST
from training.ways import WEIGHTS, Way

# Fewer resources than this teach an encoder little that it will not unlearn.
ENOUGH_FOR_WEIGHTS: Final = 1000


class TooLittleError(GatewaysError):
    """There is too little in a dataset to learn from, or to measure on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be retrained: on a dataset, or the catalogue frozen `by` outcome or resource.

    Without `by` what there is chooses: by outcome where that leaves enough, else by resource.
    Without a `way` the number of accepted alignments chooses one, without a `base` the way and the
    languages do.
    """

    dataset: Path | None = None
    by: By | None = None
    way: Way | None = None
    base: str | None = None
    epochs: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A dataset to train and measure on, opened, and how to train; `dataset` is its fingerprint."""

    document: Document
    dataset: str
    plan: Plan

    @property
    def bundle(self) -> str:
        """A name for what is trained: another one where anything would be learned otherwise."""
        digest = hashlib.sha256(f"{self.dataset} {self.plan} {TEXT_VERSION}".encode())
        return f"{Path(self.plan.base).name}-{self.plan.way}-{digest.hexdigest()[:8]}"


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
    recipe = Recipe(epochs=order.epochs, seed=order.seed)
    if way is Way.ENCODER:
        recipe = replace(recipe, rate=UPPER_LAYERS_RATE)
    base = order.base or (E5 if way in WEIGHTS else E5_OAK)
    plan = Plan(way=way, base=base, recipe=recipe, resume=True)
    if way is Way.RANKER and (fitted := len(unseen(lessons, plan).resources)) < FEWEST:
        what = f"{fitted} resources to fit a ranker on, {FEWEST} are needed"
        raise _too_little(order, dataset, what)
    return Course(document=document, dataset=_fingerprint(dataset), plan=plan)


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
