"""How well it is told what became of outcomes, on editions whose edits are known.

A change that is told is right if it is the fate of just these outcomes. What is carried over is
looked at link by link, since one resource under a wrong outcome is what a mistake costs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.errors import GatewaysError
from data.formats.protocol import Document
from data.progress import Progress
from data.records import Outcome
from data.settings import Settings
from evaluation.dataset import reading
from evaluation.editions.edited import Edited, Fate, edited
from models.edition.change import Change, Kind
from models.edition.compare import compare
from models.edition.texts import edition_texts
from models.encoder import Encoder, Matrix
from models.snapshots.open import open_encoder

LEAST_OUTCOMES = 20


@dataclass(slots=True)
class Tally:
    """How many changes of a kind there were, were told, and were right; how many of them surely."""

    there: int = 0
    told: int = 0
    right: int = 0
    sure: int = 0
    sure_right: int = 0

    def figures(self) -> dict[str, Any]:
        """The counts, and what they come to; None for a share of none."""
        return {
            "there": self.there,
            "told": self.told,
            "precision": _share(self.right, self.told),
            "recall": _share(self.right, self.there),
            "sure": self.sure,
            "sure_precision": _share(self.sure_right, self.sure),
            "sure_recall": _share(self.sure_right, self.there),
        }


@dataclass(slots=True)
class Measured:
    """The tallies of one framework over all its editions; `links` is of what is carried over."""

    outcomes: int
    kinds: dict[Kind, Tally] = field(default_factory=lambda: defaultdict(Tally))
    links: Tally = field(default_factory=Tally)

    def add(self, edition: Edited, changes: Sequence[Change]) -> None:
        """Count what was told of one edition."""
        fates = {_told(fate) for fate in edition.fates}
        for kind, there in Counter(fate.kind for fate in edition.fates).items():
            self.kinds[kind].there += there
        for change in changes:
            _count(self.kinds[change.kind], right=_told(change) in fates, sure=change.sure)
        true = {(o, n) for fate in edition.fates for o in fate.old for n in fate.new}
        self.links.there += len(true)
        for change in changes:
            for pair in change.pairs:
                _count(self.links, right=pair in true, sure=change.carries)

    def figures(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            "outcomes": self.outcomes,
            "kinds": {kind.value: self.kinds[kind].figures() for kind in Kind},
            "links": self.links.figures(),
        }


def report(
    document: Document, settings: Settings, progress: Progress, *, seeds: Sequence[int]
) -> dict[str, Any]:
    """Figures for each framework of a document, over an edition for each seed.

    Raises GatewaysError for a document without a framework that is large enough.
    """
    frameworks = trees(document)
    encoder = open_encoder(settings)
    told = {}
    with progress("Comparing editions", len(frameworks) * len(seeds)) as advance:
        for name, tree in frameworks.items():
            measured = Measured(outcomes=len(tree))
            for edition in (edited(tree, seed) for seed in seeds):
                vectors = vectors_of(edition, encoder)
                measured.add(edition, compare(edition.old, edition.new, vectors))
                advance(1)
            told[name] = measured.figures()
    return {
        "dataset": document.dataset.name,
        "model": encoder.name,
        "seeds": list(seeds),
        "frameworks": told,
    }


def trees(document: Document) -> dict[str, list[Outcome]]:
    """Framework → its outcomes, each below what stands above it, of those that are large enough.

    Raises GatewaysError where there is none.
    """
    outcomes = reading.outcomes(document)
    children: dict[tuple[str, str | None], list[Outcome]] = defaultdict(list)
    for one in sorted(outcomes, key=lambda one: (one.position, one.id)):
        children[one.framework, one.parent].append(one)
    found = {
        name: list(_walk(children, name, None)) for name in {one.framework for one in outcomes}
    }
    large = {name: tree for name, tree in sorted(found.items()) if len(tree) >= LEAST_OUTCOMES}
    if not large:
        raise GatewaysError(
            f"{document.dataset.name}: has no framework of {LEAST_OUTCOMES} outcomes or more"
        )
    return large


def vectors_of(edition: Edited, encoder: Encoder) -> tuple[Matrix, Matrix]:
    """The vectors of both editions."""
    return encoder.encode(edition_texts(edition.old)), encoder.encode(edition_texts(edition.new))


def _walk(
    children: Mapping[tuple[str, str | None], Sequence[Outcome]], framework: str, parent: str | None
) -> Iterator[Outcome]:
    for one in children.get((framework, parent), ()):
        yield one
        yield from _walk(children, framework, one.id)


def _count(tally: Tally, *, right: bool, sure: bool) -> None:
    tally.told += 1
    tally.right += right
    tally.sure += sure
    tally.sure_right += sure and right


def _told(one: Fate | Change) -> tuple[Kind, frozenset[str], frozenset[str]]:
    return one.kind, frozenset(one.old), frozenset(one.new)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
