"""What one model reached on one benchmark: a value, and the same as JSON.

In JSON the means stand at the top by their names, their intervals under `intervals`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from data.errors import GatewaysError
from evaluation.alignment.protocol import Prediction
from evaluation.alignment.scoring import Figure, Scores, by_query, recall_by_k, score
from evaluation.benchmark.cases import Case, Mistake, count_mistakes, worst_cases
from evaluation.benchmark.curator import Curator, for_curator
from evaluation.benchmark.questions import Benchmark
from evaluation.benchmark.slices import MEASURES, Measured, Slice, memberships, slices
from evaluation.measures.metrics import Bin, calibration

# What a learning curve shows of each point.
POINT = ("mean_f2", "recall@10", "mrr", "ece")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What the model reached on the same queries when so many `decisions` were accepted before.

    `figures` are those of POINT.
    """

    decisions: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What was measured: the model's name and fingerprint, and how candidates were scored.

    `without` are the fields that were taken from the resources; `ranked` says whether a ranker
    ordered what was found, which is what neighbours count for.
    """

    name: str
    fingerprint: str
    by: str = "both"
    ranked: bool = False
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one model reached on one benchmark, whose `fingerprint` names its ids and gold.

    `recall_by_k` is for k = 1, 2, …; `learning_curve` has rising numbers of decisions, if that was
    tried. Numbers are rounded, so that a report is the same after it was written and read.
    """

    dataset: str
    fingerprint: str
    split: str
    model: Model
    candidates: int
    seconds: float
    figures: Mapping[str, Figure]
    mean_over_outcomes: Mapping[str, float]
    curator: Curator
    slices: tuple[Slice, ...]
    calibration: tuple[Bin, ...]
    recall_by_k: tuple[float, ...]
    mistakes: Mapping[Mistake, int]
    cases: tuple[Case, ...]
    per_query: Mapping[str, Measured]
    learning_curve: tuple[Point, ...] = ()

    @property
    def queries(self) -> int:
        """How many resources were aligned."""
        return len(self.per_query)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values, what people read first at the top."""
        stated = _REPORT.dump_python(self, mode="json")
        first = ("dataset", "split")
        stated["learning_curve"] = [
            {"decisions": point["decisions"], **_flat(point["figures"])}
            for point in stated["learning_curve"]
        ]
        return {
            **{name: stated.pop(name) for name in first},
            "by": self.model.by,
            "queries": self.queries,
            "candidates": stated.pop("candidates"),
            "seconds": stated.pop("seconds"),
            **_flat(stated.pop("figures")),
            **stated,
        }

    @classmethod
    def from_json(cls, stated: Mapping[str, Any]) -> "Report":
        """The report that `to_json` told. Raises GatewaysError for anything else."""
        try:
            figures = _figures(stated)
            curve = [
                {"decisions": point["decisions"], "figures": _figures(point)}
                for point in stated.get("learning_curve", ())
            ]
            return _REPORT.validate_python({**stated, "figures": figures, "learning_curve": curve})
        except (KeyError, TypeError, ValueError) as error:
            raise GatewaysError(f"this is no report of an evaluation ({_first(error)})") from None


_REPORT = TypeAdapter(Report)


def report_on(
    benchmark: Benchmark, predictions: Iterable[Prediction], model: Model, seconds: float
) -> Report:
    """Measure what `model` predicted in so many seconds. Slices are by the benchmark's fields."""
    gold, resources = benchmark.gold, benchmark.resources
    lists = by_query(predictions, gold)
    scores = score(lists, gold)
    per_query = _per_query(scores, memberships(resources, gold))
    outcomes = {outcome.id: outcome for outcome in benchmark.task.outcomes}
    pooled = np.concatenate(scores.pairs)
    return Report(
        dataset=benchmark.dataset,
        fingerprint=benchmark.fingerprint,
        split=benchmark.split,
        model=model,
        candidates=len(benchmark.assignable),
        seconds=round(seconds, 3),
        figures={
            name: Figure(
                value=round(found.value, 4), low=round(found.low, 4), high=round(found.high, 4)
            )
            for name, found in scores.figures.items()
        },
        mean_over_outcomes={name: round(v, 4) for name, v in scores.over_outcomes.items()},
        curator=for_curator(lists, gold, benchmark.assignable),
        slices=slices(per_query),
        calibration=tuple(
            Bin(
                pairs=found.pairs,
                confidence=round(found.confidence, 4),
                right=round(found.right, 4),
            )
            for found in calibration(pooled[:, 0], pooled[:, 1] > 0)
        ),
        recall_by_k=tuple(round(value, 4) for value in recall_by_k(lists, gold)),
        mistakes=count_mistakes(lists, gold),
        cases=worst_cases(lists, gold, resources, outcomes),
        per_query=per_query,
    )


def _per_query(
    scores: Scores, members: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> dict[str, Measured]:
    return {
        query: Measured(
            values={name: round(float(scores.values[name][row]), 6) for name in MEASURES},
            slices=named,
            pairs=tuple(
                (round(float(confidence), 6), bool(right))
                for confidence, right in scores.pairs[row]
            ),
        )
        for row, (query, named) in enumerate(members.items())
    }


def _flat(figures: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    return {
        **{name: found["value"] for name, found in figures.items()},
        "intervals": {name: [found["low"], found["high"]] for name, found in figures.items()},
    }


def _figures(stated: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    return {
        name: {"value": stated[name], "low": low, "high": high}
        for name, (low, high) in stated["intervals"].items()
    }


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return repr(error)
