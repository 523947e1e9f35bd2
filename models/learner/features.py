"""(history, what is asked next) → features, the same when fitting and when serving.

What is known is told as a row of plain numbers (`facts`), one for each answer; `features` makes of
many such rows at once what a linear model weighs.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.learner.difficulty import Difficulties
from models.learner.history import LAST, NOTHING, History, Practice
from models.log_odds import probabilities

Values: TypeAlias = NDArray[np.float64]

LEARNER: Final = (
    "learner successes",
    "learner failures",
    "learner rate",
    "learner long rate",
    "learner ability",
    "learner surprise",
    "learner long surprise",
    "learner mean surprise",
)
OUTCOME: Final = (
    "outcome successes",
    "outcome failures",
    *(f"outcome result {place}" for place in range(1, LAST + 1)),
    "outcome is new",
    "outcome lag",
    "outcome lag after success",
    "outcome lag after failure",
    "outcome lag by answers",
    "outcome rate",
    "outcome fading successes",
    "outcome fading failures",
    "outcome ability",
    "outcome ability kept",
    "outcome hours",
    "outcome hours by answers",
    *(f"outcome answers are {count}" for count in range(1, LAST + 1)),
)
ITEM: Final = (
    "item successes",
    "item failures",
    "item is new",
    "item lag",
    "item lag after success",
    "item lag by answers",
    "item succeeded last",
    "item failed last",
    "item rate",
    "item hours",
)
JOINT: Final = (
    "item easiness",
    "outcome easiness",
    "expected",
    "first answer by easiness",
    "first answer by ability",
    "few answers by easiness",
)
NAMES: Final = (*LEARNER, *OUTCOME, *ITEM, *JOINT)

HOUR: Final = 3600.0
WEEK, FORGETTING = 7 * 24, 0.3
FEW: Final = 5.5  # answers

# The columns of facts: of the learner, of the outcomes, of the item, and how easy both are.
_LEARNER = slice(0, 8)
_OUTCOME = slice(8, 17 + LAST)
_ITEM = slice(17 + LAST, 24 + LAST)
_EASINESS = slice(24 + LAST, 26 + LAST)
WIDTH: Final = 26 + LAST


def facts(
    history: History,
    difficulties: Difficulties,
    item: str | None,
    outcomes: Sequence[tuple[str, float]],
    now: float | None,
) -> list[float]:
    """What is known before an answer, WIDTH numbers.

    `now` is Unix seconds; None where times are an order only, so that nothing is made of them.
    """
    return [
        *_of_learner(history),
        *_of_outcomes(history, outcomes, now),
        *_of_item(history, history.of_item(item), now),
        difficulties.easiness(item, outcomes),
        difficulties.of(outcomes),
    ]


def typical_facts(
    history: History, difficulties: Difficulties, outcomes: Sequence[str], now: float | None
) -> Values:
    """Facts [n, WIDTH] before an answer to a typical new item of each outcome."""
    found = np.empty((len(outcomes), WIDTH))
    found[:, _LEARNER] = _of_learner(history)
    found[:, _OUTCOME] = _of_practice(history, NOTHING, now)
    found[:, _ITEM] = _of_item(history, NOTHING, now)
    found[:, _EASINESS] = np.array([difficulties.outcome(name) for name in outcomes])[:, None]
    place = {name: row for row, name in enumerate(outcomes)}
    met = [(place[name], done) for name, done in history.outcomes.items() if name in place]
    if met:
        rows = [row for row, _ in met]
        found[rows, _OUTCOME] = [_of_practice(history, done, now) for _, done in met]
    return found


def features(found: Values) -> Values:
    """Facts [n, WIDTH] → features [n, len(NAMES)]."""
    learner, outcome = found[:, _LEARNER].T, found[:, _OUTCOME].T
    item, easiness = found[:, _ITEM].T, found[:, _EASINESS].T
    ability = learner[4]
    base = easiness[0] + ability
    is_new, answers, outcome_ability = outcome[0], outcome[1] + outcome[2], outcome[8]
    columns = (
        np.log1p(learner[0]),
        np.log1p(learner[1]),
        *learner[2:],
        *_outcome_features(outcome),
        *_item_features(item),
        easiness[0],
        easiness[1],
        probabilities(base + outcome_ability),
        is_new * base,
        is_new * ability,
        ((is_new == 0) & (answers < FEW)) * base,
    )
    return np.column_stack(columns)


def kept(ability: Values, hours: Values) -> Values:
    """What is left [n] after some hours of what was gained at an outcome beyond what is usual.

    A power law (Wickelgren 1974; Rubin & Wenzel 1996): what was gained fades, what was lacking
    stays.
    """
    left = np.exp(-FORGETTING * np.log1p(hours / WEEK))
    return np.where(ability > 0, ability * left, ability)


def _of_learner(history: History) -> list[float]:
    return [
        history.successes,
        history.failures,
        *history.rates,
        history.ability,
        *history.surprises,
        history.mean_surprise,
    ]


def _of_outcomes(
    history: History, outcomes: Sequence[tuple[str, float]], now: float | None
) -> list[float]:
    """Those of one outcome; of several their mean, by how sure each is."""
    if len(outcomes) == 1:
        return _of_practice(history, history.of(outcomes[0][0]), now)
    total = sum(weight for _, weight in outcomes)
    if not total:
        return _of_practice(history, NOTHING, now)
    each = [
        [weight / total * value for value in _of_practice(history, history.of(name), now)]
        for name, weight in outcomes
    ]
    return [sum(column) for column in zip(*each, strict=True)]


def _of_practice(history: History, done: Practice, now: float | None) -> list[float]:
    hours = _hours_since(done, now)
    return [
        float(done.step < 0),
        done.successes,
        done.failures,
        _lag(history, done),
        hours or 0.0,
        done.recent,
        done.fading_successes,
        done.fading_failures,
        done.ability,
        *done.latest,
        *(0.0,) * (LAST - len(done.latest)),
    ]


def _of_item(history: History, done: Practice, now: float | None) -> list[float]:
    return [
        float(done.step < 0),
        done.successes,
        done.failures,
        _lag(history, done),
        _hours_since(done, now) or 0.0,
        done.recent,
        done.latest[0] if done.latest else 0.0,
    ]


def _lag(history: History, done: Practice) -> float:
    """How many answers ago it was met; 0 where it never was."""
    return 0.0 if done.step < 0 else float(history.steps - done.step)


def _hours_since(done: Practice, now: float | None) -> float | None:
    """How many hours ago it was met; None where times are an order only, or it never was."""
    return None if now is None or done.step < 0 else max(0.0, now - done.time) / HOUR


def _outcome_features(outcome: Values) -> list[Values]:
    is_new, successes, failures, lag, hours, recent, fading, failing, ability, *latest = outcome
    answers = successes + failures
    log_lag, log_answers, log_hours = np.log1p(lag), np.log1p(answers), np.log1p(hours)
    return [
        np.log1p(successes),
        np.log1p(failures),
        *latest,
        is_new,
        log_lag,
        log_lag * latest[0],
        log_lag * (latest[0] < 0),
        log_lag * log_answers,
        recent - 0.5,
        fading,
        failing,
        ability,
        kept(ability, hours),
        log_hours,
        log_hours * log_answers,
        *((np.round(answers) == count).astype(float) for count in range(1, LAST + 1)),
    ]


def _item_features(item: Values) -> list[Values]:
    is_new, successes, failures, lag, hours, recent, last = item
    log_lag = np.log1p(lag)
    return [
        np.log1p(successes),
        np.log1p(failures),
        is_new,
        log_lag,
        log_lag * (last > 0),
        log_lag * np.log1p(successes + failures),
        (last > 0).astype(float),
        (last < 0).astype(float),
        recent - 0.5,
        np.log1p(hours),
    ]
