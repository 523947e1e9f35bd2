"""What two learner models foretold of learners whom neither was fitted on, side by side.

The judges are one fold of all learners, always the same by a hash of their pseudonym. No name is
kept, only how well each was foretold.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.counting import counted
from data.durable import replace_text
from data.errors import GatewaysError
from data.json_text import parsed
from evaluation.learner.figures import MEASURES, measures
from evaluation.learner.protocol import parted
from evaluation.measures.bounded import rounded
from evaluation.measures.metrics import interval
from models.learner.fitting import Histories, log_loss
from models.learner.history import CLEAR
from models.learner.tracing import Tracer
from models.log_odds import probabilities

JUDGING: Final = 0
"""The fold whose learners judge."""

ENOUGH: Final = 5
"""Fewer learners cannot tell one model from another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How well a tracer that was `fitted` on so many answers foretold the judges.

    `data` is the fingerprint of what they did. `answers` and `losses` (mean log loss) have a number
    for each judge [n], in an order that depends on them alone. `figures` are over all answers.
    """

    data: str
    fitted: int
    answers: Sequence[int]
    losses: Sequence[float]
    figures: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerComparison:
    """One model's Judged and another's, of the same data."""

    before: Judged
    after: Judged

    def objections(self, _margin: float = 0.0) -> tuple[str, ...]:
        """Why `after` must not take the place of `before`, a sentence each; none if it may.

        It must not foretell the judges worse, by the paired bootstrap over learners. Where they are
        too few for that it must have been fitted on as much. There are no slices, and so no margin.
        """
        before, after = self.before, self.after
        if len(after.answers) < ENOUGH:
            if after.fitted >= before.fitted:
                return ()
            return (
                f"It was fitted on {after.fitted:,} answers, the one in use on {before.fitted:,}, "
                f"and {len(after.answers)} learners are too few to compare the two by.",
            )
        change = self._change()
        if change["low"] <= 0:
            return ()
        return (
            f"Log loss rises from {change['before']:.3f} to {change['after']:.3f} over "
            f"{len(after.answers):,} learners whom neither was fitted on (95 % interval of the "
            f"difference {change['low']:+.3f} to {change['high']:+.3f}).",
        )

    def doubts(self, _margin: float = 0.0) -> tuple[str, ...]:
        """What has to be known of it where nothing speaks against `after`, a sentence each."""
        judges = len(self.after.answers)
        if judges >= ENOUGH or self.objections():
            return ()
        return (
            f"{counted(judges, 'learner')} are too few to tell which foretells answers better; "
            "only how much the two were fitted on was compared.",
        )

    def to_json(self) -> dict[str, Any]:
        """The comparison as JSON values, with the objections."""
        queries = len(self.after.answers)
        changes = {"log_loss": self._change()} if queries else {}
        overall = {"by": None, "name": None, "queries": queries, "changes": changes}
        return {"overall": overall, "slices": [], "objections": list(self.objections())}

    def _change(self) -> dict[str, float]:
        """Mean log loss before and after, with the 95 % interval of the difference."""
        before, after = (np.array(one.losses) for one in (self.before, self.after))
        weights = np.array(self.after.answers, dtype=float)

        def mean(values: Any, rows: Any) -> float:
            return float(values[rows] @ weights[rows] / weights[rows].sum())

        low, high = interval(lambda rows: mean(after - before, rows), len(weights))
        found = {
            "before": mean(before, slice(None)),
            "after": mean(after, slice(None)),
            "low": low,
            "high": high,
        }
        return {name: rounded(value) for name, value in found.items()}


def judges_of(histories: Histories) -> tuple[Histories, Histories]:
    """All learners but the judges, to fit on, and the judges in the order of their names."""
    rest, judges = parted(histories, JUDGING)
    return rest, {who: judges[who] for who in sorted(judges)}


def judge(tracer: Tracer, judges: Histories, data: str, fitted: int) -> Judged:
    """Foretell each answer of the judges from their earlier ones; weak evidence is none."""
    told, scores = [], []
    for found in judges.values():
        clear = np.array([one.weight >= CLEAR for one in found], dtype=bool)
        if clear.any():
            told.append(probabilities(tracer.trace(found)[clear]))
            scores.append(np.array([one.score for one in found])[clear])
    figures = measures(np.concatenate(told), np.concatenate(scores)) if told else ()
    return Judged(
        data=data,
        fitted=fitted,
        answers=[len(one) for one in scores],
        losses=[log_loss(one, right) for one, right in zip(told, scores, strict=True)],
        figures={
            name: rounded(value)
            for name, value in zip(MEASURES, figures, strict=False)
            if np.isfinite(value)
        },
    )


def compare_learners(before: Path, after: Path) -> LearnerComparison:
    """Compare two files of judgements. Raises GatewaysError when they are of different data."""
    found = LearnerComparison(before=read_judged(before), after=read_judged(after))
    if found.before.data != found.after.data:
        raise GatewaysError(f"{before} and {after} are judged by different learners")
    return found


def write_judged(path: Path, judged: Judged) -> None:
    """Write a judgement, whole or not at all. Raises GatewaysError where that cannot be."""
    try:
        replace_text(path, json.dumps(asdict(judged), indent=1) + "\n")
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be written ({error.strerror})") from None


def read_judged(path: Path) -> Judged:
    """Read a judgement. Raises GatewaysError when it is damaged."""
    try:
        return Judged(**parsed(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise GatewaysError(
            f"{path}: is damaged ({error}); run `gateways train learner`, which writes another"
        ) from None
