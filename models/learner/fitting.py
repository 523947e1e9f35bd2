"""Answers of many learners → the tracer that predicts theirs best.

With few answers the weights of the start stay, since what could be fitted would hold for no others;
with many the fitted ones are better, and in between it is best to go a part of the way. How far is
measured on learners that were left out, not assumed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
from scipy import sparse

from models.learner.certainty import fit_certainty
from models.learner.difficulty import Difficulties, fit_difficulties
from models.learner.evidence import Evidence
from models.learner.features import NAMES, Values
from models.learner.tracing import ELO, START, Tracer
from models.log_odds import probabilities

Histories: TypeAlias = Mapping[str, Sequence[Evidence]]
"""Learner → their evidence in its order of time."""

FIRST_UNIX_TIME: Final = 315_532_800.0
"""1980: times before it are no times but an order."""

SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
CHOOSING_PARTS: Final = 3
CHOOSING_ANSWERS: Final = 30_000
INVERSE_REGULARISATION: Final = 0.3
MOST_STEPS: Final = 500


def fit_tracer(histories: Histories) -> Tracer:
    """Fit weights and go so far from the start's to them as learners who were left out say.

    Raises ValueError where there is no answer, or every one has the same result.
    """
    if not differ(histories):
        raise ValueError("there must be answers, some right and some wrong")
    share = _best_share(histories)
    start = fit_start(histories)
    return between(start, fit_logistic(histories), share) if share else start


def between(start: Tracer, logistic: Tracer, share: float) -> Tracer:
    """The tracer whose log-odds are a share of the way from one to the other."""
    return replace(
        logistic,
        kind=logistic.kind if share else start.kind,
        share=share,
        intercept=share * logistic.intercept + (1 - share) * start.intercept,
        weights={
            name: share * logistic.weights.get(name, 0.0)
            + (1 - share) * start.weights.get(name, 0.0)
            for name in NAMES
        },
        outcomes={name: share * value for name, value in logistic.outcomes.items()},
        items={name: share * value for name, value in logistic.items.items()},
    )


def fit_start(histories: Histories) -> Tracer:
    """Only how easy outcomes and items are, and how certain an estimate is."""
    return _begun(histories, START, "start")


def fit_elo(histories: Histories) -> Tracer:
    """The same with Elo's weights alone, to compare with."""
    return _begun(histories, ELO, "elo")


def fit_logistic(
    histories: Histories, names: Sequence[str] = NAMES, *, by_item: bool = True
) -> Tracer:
    """Weights of those features, of each outcome and, `by_item`, of each item.

    They are those of the highest penalised likelihood (ridge).
    """
    from sklearn.linear_model import LogisticRegression

    begun = _begun(histories, {}, "logistic")
    answers = [one for found in histories.values() for one in found]
    columns = [NAMES.index(name) for name in names]
    features = np.concatenate([begun.before(found) for found in histories.values()])[:, columns]
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread == 0] = 1.0
    outcomes, of_outcome = _shares([one.outcomes for one in answers])
    items, of_item = _shares(
        [((one.item, 1.0),) if by_item and one.item else () for one in answers]
    )
    inputs = sparse.hstack([(features - mean) / spread, of_outcome, of_item], format="csr")
    labels, weights, places = _soft(answers)
    fitted = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=MOST_STEPS)
    fitted.fit(inputs[places], labels, sample_weight=weights)
    found = fitted.coef_[0]
    per_unit = found[: len(names)] / spread
    split = len(names) + len(outcomes)
    return replace(
        begun,
        intercept=float(fitted.intercept_[0] - per_unit @ mean),
        weights=dict(zip(names, map(float, per_unit), strict=True)),
        outcomes=dict(zip(outcomes, map(float, found[len(names) : split]), strict=True)),
        items=dict(zip(items, map(float, found[split:]), strict=True)),
    )


def traced(tracer: Tracer, histories: Histories) -> Values:
    """Log-odds [answers] that a tracer gives, learner after learner."""
    return np.concatenate([tracer.trace(found) for found in histories.values()])


def scores_of(histories: Histories) -> Values:
    """The scores [answers] that there were, in the same order."""
    return np.array([one.score for found in histories.values() for one in found])


def part_of(learner: str, parts: int) -> int:
    """Which of so many parts a learner is in: the first 8 hex digits of SHA-256, modulo parts."""
    return int(hashlib.sha256(learner.encode()).hexdigest()[:8], 16) % parts


def log_loss(predicted: Values, scores: Values) -> float:
    """Mean negative log-likelihood of scores 0 to 1, in nats."""
    sure = np.clip(predicted, 1e-7, 1 - 1e-7)
    return float(-np.mean(scores * np.log(sure) + (1 - scores) * np.log(1 - sure)))


def _begun(histories: Histories, weights: Mapping[str, float], kind: str) -> Tracer:
    difficulties: Difficulties = fit_difficulties(histories.values())
    times = [one.time for found in histories.values() for one in found]
    return Tracer(
        kind=kind,
        difficulties=difficulties,
        weights=weights,
        timed=min(times) >= FIRST_UNIX_TIME,
        certainty=fit_certainty(histories.values()),
        learners=len(histories),
        answers=len(times),
    )


def _best_share(histories: Histories) -> float:
    few = _a_part(histories)
    parts = [{who: few[who] for who in names} for names in _parted(list(few))]
    losses = np.zeros(len(SHARES))
    for left_out in parts:
        rest = {who: found for who, found in few.items() if who not in left_out}
        if not differ(rest):
            return 0.0
        start, logistic = (traced(fit(rest), left_out) for fit in (fit_start, fit_logistic))
        scores = scores_of(left_out)
        for place, share in enumerate(SHARES):
            told = probabilities(share * logistic + (1 - share) * start)
            losses[place] += len(scores) * log_loss(told, scores)
    return SHARES[int(np.argmin(losses))]


def differ(histories: Histories) -> bool:
    """Whether some answers are right and some wrong, without which nothing can be fitted."""
    return len({one.score >= 0.5 for found in histories.values() for one in found}) == 2


def _a_part(histories: Histories) -> Histories:
    """Enough answers to tell the kinds apart by, of whole learners."""
    found: dict[str, Sequence[Evidence]] = {}
    answers = 0
    for who in sorted(histories, key=lambda who: hashlib.sha256(who.encode()).digest()):
        if answers >= CHOOSING_ANSWERS:
            break
        found[who] = histories[who]
        answers += len(histories[who])
    return found


def _parted(learners: Sequence[str]) -> list[list[str]]:
    parts = [list(learners[start::CHOOSING_PARTS]) for start in range(CHOOSING_PARTS)]
    return [part for part in parts if part]


def _shares(
    named: Sequence[Sequence[tuple[str, float]]],
) -> tuple[list[str], sparse.csr_matrix]:
    """Names, and how much of each answer [n, names] each of them has: rows sum to 1 or 0."""
    columns: dict[str, int] = {}
    places, rows, values = [], [], []
    for row, each in enumerate(named):
        total = sum(weight for _, weight in each)
        for name, weight in each:
            places.append(columns.setdefault(name, len(columns)))
            rows.append(row)
            values.append(weight / total if total else 0.0)
    shape = (len(named), len(columns))
    return list(columns), sparse.csr_matrix((values, (rows, places)), shape=shape)


def _soft(answers: Sequence[Evidence]) -> tuple[Values, Values, Values]:
    """Labels, weights and rows: a score between 0 and 1 is partly a success, partly a failure."""
    scores = np.array([one.score for one in answers])
    weights = np.array([one.weight for one in answers])
    partly = np.flatnonzero(scores < 1)
    mostly = np.flatnonzero(scores > 0)
    labels = np.r_[np.ones(len(mostly)), np.zeros(len(partly))]
    shares = np.r_[(weights * scores)[mostly], (weights * (1 - scores))[partly]]
    return labels, shares, np.r_[mostly, partly]
