"""(history, what is asked next) → one row of features, the same when fitting and when serving."""

import math
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.learner.difficulty import Difficulties
from models.learner.history import LAST, History, Practice, sigmoid

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
    "outcome lag by answers",
    "outcome rate",
    "outcome fading successes",
    "outcome fading failures",
    "outcome ability",
    "outcome ability kept",
    "outcome hours",
    "outcome hours by answers",
    "outcome failed just now",
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
PLACE: Final = {name: place for place, name in enumerate(NAMES)}

HOUR = 3600.0
WEEK, FORGETTING = 7 * 24, 0.3


def row_of(
    history: History,
    difficulties: Difficulties,
    item: str | None,
    outcomes: Sequence[tuple[str, float]],
    now: float | None,
) -> list[float]:
    """One row, len(NAMES), of what is known before the answer.

    `now` is Unix seconds; None where times are an order only, so that nothing is made of them.
    """
    done = [(history.of(name), weight) for name, weight in outcomes]
    total = sum(weight for _, weight in done)
    if len(done) == 1:
        practised = _outcome(history, done[0][0], now)
    elif total:
        each = [
            [weight / total * value for value in _outcome(history, one, now)]
            for one, weight in done
        ]
        practised = [sum(column) for column in zip(*each, strict=True)]
    else:
        practised = _outcome(history, Practice(), now)
    joint = _joint(
        history, practised, difficulties.easiness(item, outcomes), difficulties.of(outcomes)
    )
    return [*_learner(history), *practised, *_item(history, history.of_item(item), now), *joint]


def rows_of(
    history: History,
    difficulties: Difficulties,
    outcomes: Sequence[str],
    now: float | None,
) -> Values:
    """Rows [n, len(NAMES)] for a typical new item of each outcome."""
    easiness = np.array([difficulties.outcome(name) for name in outcomes])
    rows = np.empty((len(outcomes), len(NAMES)))
    nobody = difficulties.typical
    rows[:] = [
        *_learner(history),
        *(fresh := _outcome(history, Practice(), now)),
        *_item(history, Practice(), now),
        *_joint(history, fresh, nobody, nobody),
    ]
    base = easiness + history.ability
    rows[:, PLACE["item easiness"]] = rows[:, PLACE["outcome easiness"]] = easiness
    rows[:, PLACE["expected"]] = 1 / (1 + np.exp(-base))
    rows[:, PLACE["first answer by easiness"]] = base
    for place, name in enumerate(outcomes):
        if name in history.outcomes:
            rows[place] = row_of(history, difficulties, None, ((name, 1.0),), now)
    return rows


def kept(outcome_ability: float, hours: float | None) -> float:
    """What is left of an outcome's ability above the learner's own after some hours.

    A power law (Wickelgren 1974; Rubin & Wenzel 1996): what was gained fades, what was lacking
    stays.
    """
    if outcome_ability <= 0 or hours is None:
        return outcome_ability
    return outcome_ability * math.exp(-FORGETTING * math.log1p(hours / WEEK))


def _learner(history: History) -> list[float]:
    return [
        math.log1p(history.successes),
        math.log1p(history.failures),
        *history.rates,
        history.ability,
        *history.surprises,
        history.mean_surprise,
    ]


def _outcome(history: History, done: Practice, now: float | None) -> list[float]:
    answers = done.answers
    is_new = done.step < 0
    lag = 0.0 if is_new else math.log1p(history.steps - done.step)
    since = None if is_new or now is None else max(0.0, now - done.time) / HOUR
    hours = 0.0 if since is None else math.log1p(since)
    results = (*done.latest, *(0.0,) * (LAST - len(done.latest)))
    counted = [float(round(answers) == count) for count in range(1, LAST + 1)]
    return [
        math.log1p(done.successes),
        math.log1p(done.failures),
        *results,
        float(is_new),
        lag,
        lag * results[0],
        lag * math.log1p(answers),
        done.recent - 0.5,
        done.fading_successes,
        done.fading_failures,
        done.ability,
        kept(done.ability, since),
        hours,
        hours * math.log1p(answers),
        lag * float(results[0] < 0),
        *counted,
    ]


def _item(history: History, done: Practice, now: float | None) -> list[float]:
    is_new = done.step < 0
    lag = 0.0 if is_new else math.log1p(history.steps - done.step)
    last = done.latest[0] if done.latest else 0.0
    hours = 0.0 if is_new or now is None else math.log1p(max(0.0, now - done.time) / HOUR)
    return [
        math.log1p(done.successes),
        math.log1p(done.failures),
        float(is_new),
        lag,
        lag * float(last > 0),
        lag * math.log1p(done.answers),
        float(last > 0),
        float(last < 0),
        done.recent - 0.5,
        hours,
    ]


def _joint(
    history: History, practised: Sequence[float], easiness: float, outcome_easiness: float
) -> list[float]:
    base = easiness + history.ability
    is_new = practised[_IS_NEW]
    few = float(not is_new and practised[_SUCCESSES] + practised[_FAILURES] < _FEW)
    return [
        easiness,
        outcome_easiness,
        sigmoid(base + practised[_ABILITY]),
        is_new * base,
        is_new * history.ability,
        few * base,
    ]


_IS_NEW, _SUCCESSES, _FAILURES, _ABILITY = (
    OUTCOME.index(f"outcome {what}") for what in ("is new", "successes", "failures", "ability")
)
_FEW = 2.5  # of log(1 + successes) + log(1 + failures): up to about six answers
