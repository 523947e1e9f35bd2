"""What came of simulated learners → figures. A seed is the unit of all intervals."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from typing import Any, Final

import numpy as np

from data.progress import Progress
from evaluation.measures.bounded import Bounded, bounded, rounded
from evaluation.measures.metrics import Values, interval
from evaluation.simulation.protocol import (
    FIXED,
    MODELS,
    ORACLE,
    OURS,
    POLICIES,
    Setting,
    Simulated,
    simulate,
)

SHARES: Final = ("known", "unready", "idle")


def report(
    *, seeds: int, learners: int, hours: int, progress: Progress, jobs: int = 1, first_seed: int = 0
) -> dict[str, Any]:
    """All figures, by the names of the JSON file; `jobs` processes, which change nothing."""
    pairs = [(model, gaps) for model in MODELS for gaps in (True, False)]
    settings = [
        Setting(model=model, gaps=gaps, seed=seed, learners=learners, hours=hours)
        for model, gaps in pairs
        for seed in range(first_seed, first_seed + seeds)
    ]
    found = []
    with progress("Simulating", len(settings)) as advance, _in_order(settings, jobs) as results:
        for each in results:
            found.append(each)
            advance(1)
    return {
        "seeds": seeds,
        "first_seed": first_seed,
        "learners": learners,
        "hours": hours,
        "settings": [
            {"model": model, "gaps": gaps, **figures(found[place * seeds :][:seeds], hours)}
            for place, (model, gaps) in enumerate(pairs)
        ],
    }


@contextmanager
def _in_order(settings: Sequence[Setting], jobs: int) -> Iterator[Iterator[Simulated]]:
    if jobs == 1:
        yield map(simulate, settings)
        return
    # Forked processes would inherit the locks of the thread that draws the progress bar.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield pool.map(simulate, settings)


def figures(of_seeds: Sequence[Simulated], hours: int) -> dict[str, Any]:
    """Those of one model; each of `of_seeds` has the same number of learners."""
    sums = {name: partial(_sums, of_seeds, name) for name in POLICIES}
    mastered = {name: sums[name]("mastered") for name in POLICIES}
    expected = {name: sums[name]("expected") for name in POLICIES}
    studied = len(of_seeds[0].courses[OURS]) * hours
    return {
        "policies": {
            name: {
                "per_hour": rounded(mastered[name].mean() / studied),
                "of_oracle": asdict(ratio(mastered[name], mastered[ORACLE])),
                "expected_per_hour": rounded(expected[name].mean() / studied),
                "expected_of_oracle": asdict(ratio(expected[name], expected[ORACLE])),
                **_shares(sums[name]("minutes"), {each: sums[name](each) for each in SHARES}),
            }
            for name in POLICIES
        },
        "ours_over_fixed": asdict(ratio(mastered[OURS], mastered[FIXED])),
        "expected_ours_over_fixed": asdict(ratio(expected[OURS], expected[FIXED])),
        "ours_ahead_of_fixed": asdict(_mean((mastered[OURS] - mastered[FIXED]) / studied)),
        "recommendations": sum(each.shown for each in of_seeds),
        "unready_recommendations": sum(each.unready for each in of_seeds),
    }


def ratio(above: Values, below: Values) -> Bounded:
    """The ratio of means of paired values [s], with its 95 % bootstrap interval.

    None where that is no number, as to nothing, and for bounds that some samples leave open.
    """

    def of(rows: Any) -> float:
        over, under = float(above[rows].sum()), float(below[rows].sum())
        if under > 0:
            return over / under
        return np.inf if over > 0 else np.nan

    with np.errstate(invalid="ignore"):  # between two that are infinite
        return bounded(of(slice(None)), *interval(of, len(below)))


def _mean(values: Values) -> Bounded:
    low, high = interval(lambda rows: float(values[rows].mean()), len(values))
    return bounded(float(values.mean()), low, high)


def _sums(of_seeds: Sequence[Simulated], policy: str, measure: str) -> Values:
    """A measure of a Course over the learners of each seed [s]."""
    return np.array(
        [sum(getattr(one, measure) for one in each.courses[policy]) for each in of_seeds],
        dtype=float,
    )


def _shares(minutes: Values, parts: Mapping[str, Values]) -> dict[str, float]:
    return {name: rounded(part.sum() / minutes.sum()) for name, part in parts.items()}
