"""Mastery, measured: how well answers of learners are foretold whom nothing was fitted on.

Five folds over learners; each answer is told from the same learner's earlier ones. The baselines
are fitted and measured the same way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data.errors import GatewaysError
from data.formats.protocol import Document
from data.progress import Advance
from data.records import Alignment, Interaction, Outcome
from evaluation import reading
from evaluation.gaps import gaps
from evaluation.metrics import Values
from models.languages import primary
from models.learner.evidence import Evidence, evidence_of, in_time
from models.learner.features import LEARNER
from models.learner.fitting import (
    Histories,
    fit_elo,
    fit_logistic,
    fit_tracer,
    log_loss,
    part_of,
    scores_of,
    traced,
)
from models.learner.history import LAST
from models.learner.shelf import sure_alignments
from models.learner.tracing import Tracer, probabilities

MEASURES: Final = ("auc", "log_loss", "ece")
FOLDS: Final = 5
BINS: Final = 15
ENOUGH: Final = 100
"""Answers that a slice has to have to be told of."""

EARLIER: Final = {"0": (0, 0), "1–5": (1, 5), "6 and more": (6, None)}

_COUNTS = ("outcome successes", "outcome failures")
_TOTALS = LEARNER[:2]
_RESULTS = tuple(f"outcome result {place}" for place in range(1, LAST + 1))

Fit = Callable[[Histories], Tracer]
BASELINES: Final[Mapping[str, Fit]] = {
    "item mean": lambda found: fit_logistic(found, ()),
    "PFA": lambda found: fit_logistic(found, _COUNTS, by_item=False),
    "multi-skill Elo": fit_elo,
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
    if not _differ(histories):
        raise GatewaysError(
            f"{name}: every score in interactions.csv says the same; some must be under .5 and "
            "some over"
        )
    parts = [_parted(histories, fold) for fold in range(FOLDS)]
    if not all(_differ(rest) for rest, part in parts if part):
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
        rest, part = _parted(answers.histories, fold)
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


def figures(found: Foretold) -> dict[str, Any]:
    """AUC, log loss and calibration error, means over folds, with their deviation.

    None where no fold has one.
    """
    rows = np.array(
        [_measures(found, found.fold == fold) for fold in np.unique(found.fold)], dtype=float
    )
    told = np.ma.masked_invalid(rows)  # a fold may have no AUC, since all of it is right or wrong
    return {
        **dict(zip(MEASURES, _rounded(told.mean(axis=0)), strict=True)),
        "deviation": dict(zip(MEASURES, _rounded(told.std(axis=0)), strict=True)),
    }


def report(answers: Answers, advance: Advance | None = None) -> dict[str, Any]:
    """All figures of the tracer and of the baselines, by the names of the JSON file."""
    found, tracers = foretell(answers, fit_tracer, advance)
    by_slice = _by_slice(found, answers)
    return {
        "dataset": answers.name,
        "learners": len(answers.histories),
        "answers": len(found.scores),
        **figures(found),
        "share": [tracer.share for tracer in tracers],
        "by_earlier_answers": _by_earlier(found),
        "gaps": gaps(by_slice, "ece", less_is_better=True),
        "slices": by_slice,
        "baselines": {
            name: figures(foretell(answers, fit, advance)[0]) for name, fit in BASELINES.items()
        },
    }


def learning_curve(
    answers: Answers, numbers: Sequence[int], advance: Advance | None = None
) -> list[dict[str, Any]]:
    """What each kind of tracer reaches on the first fold's learners after fitting on so many.

    Left out are numbers of learners whose answers all say the same.
    """
    first = min(part_of(who, FOLDS) for who in answers.histories)
    rest, part = _parted(answers.histories, first)
    kinds: Mapping[str, Fit] = {"elo": fit_elo, "logistic": fit_logistic, "chosen": fit_tracer}
    points = []
    for number in [each for each in numbers if each < len(rest)] + [len(rest)]:
        few = {who: rest[who] for who in list(rest)[:number]}
        if not _differ(few):
            continue
        losses = {
            kind: log_loss(probabilities(traced(fit(few), part)), scores_of(part))
            for kind, fit in kinds.items()
        }
        points.append(
            {
                "learners": number,
                "answers": len(scores_of(few)),
                "log_loss": {kind: round(loss, 4) for kind, loss in losses.items()},
            }
        )
        if advance is not None:
            advance(1)
    return points


def equal_width_error(told: Values, right: Values, bins: int = BINS) -> float:
    """Expected calibration error of `told` [n] over bins of equal width (Naeini et al. 2015)."""
    place = np.minimum((told * bins).astype(int), bins - 1)
    each = np.bincount(place, minlength=bins)
    gaps = np.bincount(place, told - right, minlength=bins)
    return float(np.abs(gaps[each > 0]).sum() / len(told))


def _measures(found: Foretold, rows: Values) -> tuple[float, float, float]:
    from sklearn.metrics import roc_auc_score

    told, scores = found.told[rows], found.scores[rows]
    right = scores >= 0.5
    auc = roc_auc_score(right, told) if 0 < right.sum() < len(right) else np.nan
    return float(auc), log_loss(told, scores), equal_width_error(told, scores)


def _differ(histories: Histories) -> bool:
    return len({score >= 0.5 for score in scores_of(histories)}) == 2


def _parted(histories: Histories, fold: int) -> tuple[Histories, Histories]:
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


def _by_earlier(found: Foretold) -> dict[str, Any]:
    parts = {}
    for name, (least, most) in EARLIER.items():
        rows = (found.earlier >= least) & (found.earlier <= (np.inf if most is None else most))
        if rows.any():
            parts[name] = {
                "answers": int(rows.sum()),
                "ece": round(equal_width_error(found.told[rows], found.scores[rows]), 4),
            }
    return parts


def _by_slice(found: Foretold, answers: Answers) -> list[dict[str, Any]]:
    """Slices by language and level, the worst calibrated first."""
    rows = []
    for by, value_of in answers.slices.items():
        values = np.array([value_of.get(outcome, "") for outcome in found.outcome])
        names = [name for name in np.unique(values) if name]
        for name in names if len(names) > 1 else ():
            part = values == name
            if part.sum() >= ENOUGH:
                auc, loss, error = _measures(found, part)
                rows.append(
                    {
                        "by": by,
                        "name": str(name),
                        "answers": int(part.sum()),
                        **dict(
                            zip(
                                ("auc", "log_loss", "ece"),
                                _rounded((auc, loss, error)),
                                strict=True,
                            )
                        ),
                    }
                )
    return sorted(rows, key=lambda row: -float(row["ece"]))


def _slices(outcomes: Mapping[str, Outcome]) -> dict[str, dict[str, str]]:
    return {
        "language": {key: primary(each.language or "") for key, each in outcomes.items()},
        "level": {key: each.levels[0] for key, each in outcomes.items() if each.levels},
    }


def _rounded(values: Any) -> list[float | None]:
    told = np.ma.masked_invalid(values).tolist()
    return [None if value is None else round(value, 4) for value in told]
