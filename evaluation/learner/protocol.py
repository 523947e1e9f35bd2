"""Answers foretold of learners whom nothing was fitted on.

Five folds over learners; each answer is told from the same learner's earlier ones. The baselines
are fitted and measured the same way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.errors import GatewaysError
from data.formats.protocol import Document
from data.progress import Advance
from data.records import Alignment, Interaction, Outcome
from evaluation.dataset import reading
from evaluation.measures.metrics import Values
from models.languages import primary
from models.learner.evidence import Evidence, evidence_of, in_time
from models.learner.features import LEARNER
from models.learner.fitting import (
    Histories,
    differ,
    fit_elo,
    fit_logistic,
    fit_start,
    part_of,
    scores_of,
    traced,
)
from models.learner.history import LAST
from models.learner.shelf import sure_alignments
from models.learner.tracing import Tracer
from models.log_odds import probabilities

FOLDS: Final = 5

_COUNTS = ("outcome successes", "outcome failures")
_TOTALS = LEARNER[:2]
_RESULTS = tuple(f"outcome result {place}" for place in range(1, LAST + 1))

Fit = Callable[[Histories], Tracer]
BASELINES: Final[Mapping[str, Fit]] = {
    "item mean": lambda found: fit_logistic(found, ()),
    "PFA": lambda found: fit_logistic(found, _COUNTS, by_item=False),
    "multi-skill Elo": fit_elo,
    "weights of the start": fit_start,
    "Best-LR": lambda found: fit_logistic(found, (*_TOTALS, *_COUNTS)),
    "Best-LR + last five": lambda found: fit_logistic(found, (*_TOTALS, *_COUNTS, *_RESULTS)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A data set: each learner's evidence, and what slices its outcomes are in."""

    name: str
    histories: Histories
    slices: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """Predictions beside what came: one row an answer; `earlier` answers were of its outcomes."""

    fold: Values
    told: Values
    scores: Values
    earlier: Values
    outcome: tuple[str, ...]


def read_answers(document: Document) -> Answers:
    """The answers in a dataset. Raises GatewaysError where too little can be measured on them."""
    aligned = sure_alignments(reading.records(document, Alignment))
    found: dict[str, list[Evidence]] = {}
    for interaction in reading.records(document, Interaction):
        one = evidence_of(interaction, aligned)
        if one is not None and interaction.score is not None:
            found.setdefault(interaction.learner, []).append(one)
    histories = {who: in_time(each) for who, each in found.items()}
    name = document.dataset.name
    if len({part_of(who, FOLDS) for who in histories}) < 2:
        raise GatewaysError(
            f"{name}: {len(histories)} learners with a score in interactions.csv; there must be "
            "more to fit on some and measure on others"
        )
    if not differ(histories):
        raise GatewaysError(
            f"{name}: every score in interactions.csv says the same; some must be under .5 and "
            "some over"
        )
    parts = [parted(histories, fold) for fold in range(FOLDS)]
    if not all(differ(rest) for rest, part in parts if part):
        raise GatewaysError(
            f"{name}: {len(histories)} learners with a score in interactions.csv; without those of "
            "one fold all other scores say the same, so there must be more"
        )
    outcomes = {outcome.id: outcome for outcome in reading.records(document, Outcome)}
    return Answers(name=name, histories=histories, slices=_slices(outcomes))


def foretell(
    answers: Answers, fit: Fit, advance: Advance | None = None
) -> tuple[Foretold, list[Tracer]]:
    """Predict each fold's learners by what is fitted on the others; the tracers too."""
    tracers, told, folds, parts = [], [], [], []
    for fold in range(FOLDS):
        rest, part = parted(answers.histories, fold)
        if part and rest:
            tracer = fit(rest)
            tracers.append(tracer)
            told.append(probabilities(traced(tracer, part)))
            folds.append(np.full(len(told[-1]), fold))
            parts.append(part)
        if advance is not None:
            advance(1)
    evidence = [one for part in parts for found in part.values() for one in found]
    return (
        Foretold(
            fold=np.concatenate(folds),
            told=np.concatenate(told),
            scores=np.concatenate([scores_of(part) for part in parts]),
            earlier=np.concatenate([_earlier(found) for part in parts for found in part.values()]),
            outcome=tuple(one.outcomes[0][0] if one.outcomes else "" for one in evidence),
        ),
        tracers,
    )


def parted(histories: Histories, fold: int) -> tuple[Histories, Histories]:
    """All other learners, and those of a fold."""
    rest = {who: found for who, found in histories.items() if part_of(who, FOLDS) != fold}
    part = {who: found for who, found in histories.items() if part_of(who, FOLDS) == fold}
    return rest, part


def _earlier(found: Sequence[Evidence]) -> Values:
    """For each answer of a learner how many were about one of its outcomes before."""
    counts: dict[str, int] = {}
    earlier = []
    for one in found:
        names = [name for name, _ in one.outcomes] or [""]
        earlier.append(max(counts.get(name, 0) for name in names))
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    return np.array(earlier, dtype=float)


def _slices(outcomes: Mapping[str, Outcome]) -> dict[str, dict[str, str]]:
    return {
        "language": {key: primary(each.language or "") for key, each in outcomes.items()},
        "level": {key: each.levels[0] for key, each in outcomes.items() if each.levels},
    }
