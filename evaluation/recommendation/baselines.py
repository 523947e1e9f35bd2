"""What a model of the next resource has to be better than: scores that nothing was tuned for."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import numpy as np

from models.learner.continuation_relations import Values
from models.learner.continuation_signals import COLUMN, Signals, of_highest, untuned

Baseline: TypeAlias = Callable[[Signals], Values]

POPULARITY: Final = "popularity"


def _signal(name: str) -> Baseline:
    """One signal; what it says nothing of is ordered by popularity."""
    return lambda found: found[:, COLUMN[name]] + _hint(found)


def _markov_and_item_to_item(found: Signals) -> Values:
    names = ("next", "together with recent")
    return sum((of_highest(found[:, COLUMN[name]]) for name in names), start=_hint(found))


def _next_in_catalogue(found: Signals) -> Values:
    """Those ahead by their distance, then those behind by theirs."""
    steps = found[:, COLUMN["catalogue: steps"]].astype(float)
    return np.where(steps > 0, -steps, steps - len(steps))


def _hint(found: Signals) -> Values:
    return 1e-6 * of_highest(found[:, COLUMN["opened"]])


BASELINES: Final[Mapping[str, Baseline]] = {
    POPULARITY: _signal("opened"),
    "TF-IDF of the texts": _signal("text: last"),
    "item to item": _signal("together with recent"),
    "Markov": _signal("next"),
    "next in the catalogue": _next_in_catalogue,
    "Markov + item to item": _markov_and_item_to_item,
    "Markov + item to item + catalogue + text": untuned,
}
