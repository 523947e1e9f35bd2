"""Lists of recommended resources → numbers: how often right, for whom, and how varied.

A list is a row of SHOWN resource rows, the best first, -1 where there was nothing more to show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from data.records import Resource
from evaluation.measures.gaps import parts
from evaluation.measures.metrics import Values, interval

Rows: TypeAlias = npt.NDArray[np.int64]
Measured: TypeAlias = Mapping[str, Values]

SHOWN: Final = 10
MEASURES: Final = ("recall@10", "ndcg@10")


@dataclass(frozen=True, slots=True)
class Asked:
    """What had to be found [t], as rows, and whose it was, numbered from 0.

    `opened` says of every resource [n] whether anybody had opened it before the cut.
    """

    resource: Rows
    learner: Rows
    opened: npt.NDArray[np.bool_]


def shown(scores: Values, seen: Rows) -> Rows:
    """The list [SHOWN] by scores [n], without what was seen; equals in catalogue order."""
    ranked = scores.copy()
    ranked[seen] = -np.inf
    best = np.argsort(-ranked, kind="stable")[:SHOWN]
    found = np.full(SHOWN, -1)
    found[: len(best)] = np.where(np.isneginf(ranked[best]), -1, best)
    return found


def measured(lists: Rows, asked: Asked) -> dict[str, Values]:
    """MEASURES of each list [t]. With one right answer the ideal list has a gain of 1."""
    hits = lists == asked.resource[:, None]
    gains = hits / np.log2(np.arange(2, SHOWN + 2))
    return {"recall@10": hits.any(axis=1).astype(float), "ndcg@10": gains.sum(axis=1)}


def figures(lists: Rows, asked: Asked) -> dict[str, Any]:
    """Means over targets, over learners, of what nobody had opened, and how varied the lists are.

    `coverage` is the share of the catalogue that is in some list; `gini` is 0 where every resource
    is shown equally often and nears 1 where it is always the same few.
    """
    found = measured(lists, asked)
    never = ~asked.opened[asked.resource]
    times = np.bincount(lists[lists >= 0], minlength=len(asked.opened))
    return {
        **means(found),
        "per_learner": means({name: _of_learners(each, asked) for name, each in found.items()}),
        "never_opened": {
            "targets": int(never.sum()),
            **means({name: each[never] for name, each in found.items()}),
        },
        "coverage": round(float((times > 0).mean()), 4),
        "gini": round(gini(times), 4),
    }


def means(found: Measured) -> dict[str, float | None]:
    """The mean of each measure; None over nothing."""
    return {
        name: round(float(each.mean()), 4) if len(each) else None for name, each in found.items()
    }


def gini(times: Rows) -> float:
    """The Gini coefficient of how often each of n resources is shown; 0 where none ever is."""
    size, total = len(times), times.sum()
    if not total:
        return 0.0
    return float(
        2 * (np.arange(1, size + 1) * np.sort(times)).sum() / (size * total) - 1 - 1 / size
    )


def difference(found: Measured, baselines: Mapping[str, Measured], asked: Asked) -> dict[str, Any]:
    """For each measure, how far ahead it is of the baseline that is best by it.

    `low` and `high` are the 95 % bootstrap interval over learners, paired by target.
    """
    return {
        measure: _ahead(
            found[measure], {name: each[measure] for name, each in baselines.items()}, asked
        )
        for measure in MEASURES
    }


def _ahead(found: Values, baselines: Mapping[str, Values], asked: Asked) -> dict[str, Any]:
    best = max(baselines, key=lambda name: float(baselines[name].mean()))
    ahead = found - baselines[best]
    total, number = np.bincount(asked.learner, ahead), np.bincount(asked.learner)
    low, high = interval(lambda rows: float(total[rows].sum() / number[rows].sum()), len(number))
    return {
        "baseline": best,
        "value": round(float(ahead.mean()), 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }


def slices(found: Measured, asked: Asked, resources: Sequence[Resource]) -> list[dict[str, Any]]:
    """Targets by language and by level of what had to be found: the worst first, ENOUGH of each."""
    rows = []
    for by, name, part in parts([resources[row] for row in asked.resource]):
        of_part = means({measure: each[part] for measure, each in found.items()})
        rows.append({"by": by, "name": name, "targets": int(part.sum()), **of_part})
    return sorted(rows, key=lambda row: float(row["recall@10"]))


def _of_learners(values: Values, asked: Asked) -> Values:
    return np.bincount(asked.learner, values) / np.bincount(asked.learner)
