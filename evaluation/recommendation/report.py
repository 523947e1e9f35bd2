"""How well the next resource is told: the model beside its baselines, all on the same targets."""

import time
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from data.progress import Advance, Progress
from evaluation.measures.gaps import gaps
from evaluation.recommendation.baselines import BASELINES, POPULARITY
from evaluation.recommendation.figures import (
    SHOWN,
    Asked,
    Rows,
    difference,
    figures,
    means,
    measured,
    shown,
    slices,
)
from evaluation.recommendation.protocol import Target, Task
from models.learner.continuation import Continuation

MODEL: Final = "this program"
AT_ONCE: Final = 32


def report(task: Task, progress: Progress) -> dict[str, Any]:
    """All figures of the model and of the baselines, by the names of the JSON file."""
    begun = time.monotonic()
    with progress("Fitting", None):
        model = task.fit()
    with progress("Recommending", len(task.targets)) as advance:
        lists = recommended(task.targets, model, advance)
    asked = _asked(task, task.targets)
    found = {name: measured(each, asked) for name, each in lists.items()}
    by_slice = slices(found[MODEL], asked, task.resources)
    return {
        "dataset": task.name,
        "resources": len(task.resources),
        "cut": task.cut,
        "fitted": len(task.fitted),
        "targets": len(task.targets),
        "learners": len(set(asked.learner)),
        "tuned": model.is_tuned,
        **figures(lists[MODEL], asked),
        "difference": difference(found[MODEL], {name: found[name] for name in BASELINES}, asked),
        "no_history": _of_beginnings(task, model),
        "gaps": gaps(by_slice, "recall@10"),
        "slices": by_slice,
        "baselines": {name: figures(lists[name], asked) for name in BASELINES},
        "seconds": round(time.monotonic() - begun, 1),
    }


def recommended(
    targets: Sequence[Target], model: Continuation, advance: Advance
) -> dict[str, Rows]:
    """The lists [t, SHOWN] of the model and of each baseline."""
    lists = {
        name: np.full((len(targets), SHOWN), -1, dtype=np.int64) for name in (MODEL, *BASELINES)
    }
    for start in range(0, len(targets), AT_ONCE):
        trails = [model.trail(target.history) for target in targets[start : start + AT_ONCE]]
        asked = [(trail, model.signals(trail)) for trail in trails]
        for number, scores in enumerate(model.judged(asked)):
            trail, signals = asked[number]
            lists[MODEL][start + number] = shown(scores, trail.rows)
            for name, baseline in BASELINES.items():
                lists[name][start + number] = shown(baseline(signals), trail.rows)
        advance(len(asked))
    return lists


def _of_beginnings(task: Task, model: Continuation) -> dict[str, Any]:
    """MEASURES on learners of whom nothing is known: everybody is shown the same."""
    asked = _asked(task, task.beginnings)
    opened = np.bincount(
        _rows(task, [one.resource for one in task.fitted]), minlength=len(task.resources)
    )
    nothing_seen = np.zeros(0, dtype=np.int64)
    return {
        "targets": len(task.beginnings),
        **means(measured(shown(model.scores(()), nothing_seen)[None], asked)),
        POPULARITY: means(measured(shown(opened.astype(float), nothing_seen)[None], asked)),
    }


def _asked(task: Task, targets: Sequence[Target]) -> Asked:
    opened = np.zeros(len(task.resources), dtype=bool)
    opened[_rows(task, [one.resource for one in task.fitted])] = True
    learner = np.unique([target.learner for target in targets], return_inverse=True)[1]
    return Asked(_rows(task, [target.resource for target in targets]), learner, opened)


def _rows(task: Task, ids: Sequence[str | None]) -> Rows:
    row = {resource.id: number for number, resource in enumerate(task.resources)}
    return np.array([row[each or ""] for each in ids], dtype=np.int64)
