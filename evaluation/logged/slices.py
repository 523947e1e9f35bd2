"""Whom the policy that was logged serves worst: its reward by language and by level."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from data.records import Resource
from evaluation.logged.off_policy import FirstPlace
from evaluation.measures.bounded import rounded
from evaluation.measures.gaps import parts


def slices(places: Sequence[FirstPlace], resources: Iterable[Resource]) -> list[dict[str, Any]]:
    """The mean reward by language and level of what stood first: the worst first, ENOUGH of each.

    What is not in the catalogue any more is in none.
    """
    of = {one.id: one for one in resources}
    shown = [(of[name], one) for one in places if (name := one.candidates[one.shown]) in of]
    rewards = np.array([one.reward for _, one in shown])
    rows = []
    for by, name, part in parts([resource for resource, _ in shown]):
        mean = rounded(rewards[part].mean())
        rows.append({"by": by, "name": name, "answers": int(part.sum()), "reward": mean})
    return sorted(rows, key=lambda row: float(row["reward"]))
