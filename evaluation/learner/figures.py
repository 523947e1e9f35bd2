"""Answers foretold → numbers: how well, for whom, and beside what."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from data.progress import Advance
from evaluation.learner.protocol import BASELINES, FOLDS, Answers, Fit, Foretold, foretell, parted
from evaluation.measures.gaps import gaps
from evaluation.measures.metrics import Values
from models.learner.fitting import (
    differ,
    fit_logistic,
    fit_start,
    fit_tracer,
    log_loss,
    part_of,
    scores_of,
    traced,
)
from models.log_odds import probabilities

MEASURES: Final = ("auc", "log_loss", "ece")
BINS: Final = 15
ENOUGH: Final = 100
"""Answers that a slice has to have to be told of."""

EARLIER: Final = {"0": (0, 0), "1–5": (1, 5), "6 and more": (6, None)}


def figures(found: Foretold) -> dict[str, Any]:
    """AUC, log loss and calibration error, means over folds, with their deviation.

    None where no fold has one.
    """
    rows = np.array(
        [
            measures(found.told[rows], found.scores[rows])
            for rows in (found.fold == fold for fold in np.unique(found.fold))
        ],
        dtype=float,
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
        "calibration": _calibration(found.told, found.scores),
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
    rest, part = parted(answers.histories, first)
    kinds: Mapping[str, Fit] = {"start": fit_start, "logistic": fit_logistic, "chosen": fit_tracer}
    points = []
    for number in [each for each in numbers if each < len(rest)] + [len(rest)]:
        few = {who: rest[who] for who in list(rest)[:number]}
        if not differ(few):
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


def equal_width_error(told: Values, right: Values) -> float:
    """Expected calibration error of `told` [n] over BINS of equal width (Naeini et al. 2015)."""
    bins = _calibration(told, right)
    apart = (one["answers"] * abs(one["confidence"] - one["right"]) for one in bins)
    return float(sum(apart)) / len(told)


def measures(told: Values, scores: Values) -> tuple[float, float, float]:
    """MEASURES of what was told [n] of scores [n]; no AUC (NaN) where all are right, or wrong."""
    from sklearn.metrics import roc_auc_score

    right = scores >= 0.5
    auc = roc_auc_score(right, told) if 0 < right.sum() < len(right) else np.nan
    return float(auc), log_loss(told, scores), equal_width_error(told, scores)


def _calibration(told: Values, right: Values) -> list[dict[str, Any]]:
    place = np.minimum((told * BINS).astype(int), BINS - 1)
    parts = [place == one for one in np.unique(place)]
    return [
        {
            "answers": int(part.sum()),
            "confidence": float(told[part].mean()),
            "right": float(right[part].mean()),
        }
        for part in parts
    ]


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
                told = dict(
                    zip(
                        MEASURES,
                        _rounded(measures(found.told[part], found.scores[part])),
                        strict=True,
                    )
                )
                rows.append({"by": by, "name": str(name), "answers": int(part.sum()), **told})
    return sorted(rows, key=lambda row: -float(row["ece"]))


def _rounded(values: Any) -> list[float | None]:
    told = np.ma.masked_invalid(values).tolist()
    return [None if value is None else round(value, 4) for value in told]
