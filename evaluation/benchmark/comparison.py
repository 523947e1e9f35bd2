"""Two reports on the same benchmark → what changed, and whether the newer may be promoted.

The bootstrap is paired: both models are judged by the same resampled queries (Koehn, Statistical
Significance Tests for Machine Translation Evaluation, EMNLP 2004), so that what makes a query hard
for both falls out of the difference. Few queries leave its interval so wide that a worse model may
pass (Card et al., With Little Power Comes Great Responsibility, EMNLP 2020), and of very few it is
too narrow besides (Hesterberg, What Teachers Should Know About the Bootstrap, 2015): fewer than
ENOUGH are an objection, and how far a figure may have fallen unnoticed is told.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from data.counting import counted
from data.errors import GatewaysError
from evaluation.alignment.scoring import pooled_error
from evaluation.benchmark.report import Model, Report
from evaluation.benchmark.slices import Measured
from evaluation.measures.gaps import ENOUGH
from evaluation.measures.metrics import TITLES, Values, interval, mean_interval

MARGIN: Final = 0.02
"""How far a slice may fall."""

COMPARED = ("mean_f2", "recall@10", "mrr")
# What a promotion depends on; MRR and the calibration error are shown beside them.
GATED = ("mean_f2", "recall@10")
_SLICED_BY = ("language", "subject", "level")
# Calibration sorts all pairs for every sample, and needs no more.
_CALIBRATION_SAMPLES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure before and after; `low` and `high` are the 95 % interval of the difference."""

    before: float
    after: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def half_width(self) -> float:
        """How much could change without the interval saying so: half of its width."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What changed for all queries or, where `by` and `name` are given, for one slice."""

    by: str | None = None
    name: str | None = None
    queries: int
    changes: Mapping[str, Change]

    def __str__(self) -> str:
        return "overall" if self.by is None else f"{self.by} «{self.name}»"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """One measure that falls too far in one part: an objection, before it is put into words."""

    part: Part
    measure: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from one model to another, over all queries and by slice."""

    before: Model
    after: Model
    overall: Part
    slices: tuple[Part, ...]

    @property
    def is_of_too_few(self) -> bool:
        """Whether there are so few queries that nothing can be told by them."""
        return self.overall.queries < ENOUGH

    def objections(self, margin: float = MARGIN) -> tuple[str, ...]:
        """Why `after` must not be promoted, a sentence each; none if it may be."""
        few = (_few(self.overall.queries),) if self.is_of_too_few else ()
        return (*few, *map(_objection, self.falls(margin)))

    def doubts(self, margin: float = MARGIN) -> tuple[str, ...]:
        """What has to be known of it where nothing speaks against `after`, a sentence each."""
        unnoticed = self.unnoticed(margin)
        return (_doubt(self.overall.queries, unnoticed, margin),) if unnoticed else ()

    def unnoticed(self, margin: float = MARGIN) -> dict[str, float]:
        """How far each gated figure could fall overall without being noticed, if beyond `margin`.

        None where there are too few queries to tell even that.
        """
        if self.is_of_too_few:
            return {}
        changes = {name: self.overall.changes[name].half_width for name in GATED}
        return {name: width for name, width in changes.items() if width > margin}

    def falls(self, margin: float = MARGIN) -> tuple[Fall, ...]:
        """What must not be: worse overall, or lower by more than `margin` in a slice.

        Both only where the interval of the difference lies below 0.
        """
        parts = [(self.overall, 0.0), *((part, margin) for part in self.slices)]
        return tuple(
            Fall(part=part, measure=name, change=change)
            for part, allowed in parts
            for name, change in part.changes.items()
            if name in GATED and change.high < 0 and -change.difference > allowed
        )

    def to_json(self) -> dict[str, Any]:
        """The comparison as JSON values, with objections and doubts by the usual margin."""
        return {**asdict(self), "objections": self.objections(), "doubts": self.doubts()}


def compare(before: Report, after: Report, *, samples: int = 2000, seed: int = 0) -> Comparison:
    """What changed between two models, overall and in each slice of ENOUGH queries but not all.

    Raises GatewaysError when the reports are of different data.
    """
    if before.fingerprint != after.fingerprint or before.per_query.keys() != after.per_query.keys():
        raise GatewaysError(
            f"{before.dataset} ({before.split}, {before.fingerprint}) and {after.dataset} "
            f"({after.split}, {after.fingerprint}) are different data; evaluate both models on one "
            "split of one dataset"
        )
    pairs = [(measured, after.per_query[query]) for query, measured in before.per_query.items()]
    return Comparison(
        before=before.model,
        after=after.model,
        overall=Part(
            queries=len(pairs),
            changes={**_changes(pairs, samples, seed), "ece": _calibration(pairs, samples, seed)},
        ),
        slices=tuple(
            Part(by=by, name=name, queries=len(members), changes=_changes(members, samples, seed))
            for by, name, members in _slices(pairs)
            if ENOUGH <= len(members) < len(pairs)
        ),
    )


_Pairs = Sequence[tuple[Measured, Measured]]


def _slices(pairs: _Pairs) -> Iterator[tuple[str, str, _Pairs]]:
    for by in _SLICED_BY:
        members: dict[str, list[tuple[Measured, Measured]]] = defaultdict(list)
        for pair in pairs:
            for name in pair[0].slices[by]:
                members[name].append(pair)
        for name in sorted(members, key=lambda name: (-len(members[name]), name)):
            yield by, name, members[name]


def _changes(pairs: _Pairs, samples: int, seed: int) -> dict[str, Change]:
    return {name: _change(pairs, name, samples, seed) for name in COMPARED}


def _change(pairs: _Pairs, name: str, samples: int, seed: int) -> Change:
    values = np.array([(before.values[name], after.values[name]) for before, after in pairs])
    difference = values[:, 1] - values[:, 0]
    low, high = mean_interval(difference, samples=samples, seed=seed)
    before, after = values.mean(axis=0)
    return _rounded(float(before), float(after), low, high)


def _calibration(pairs: _Pairs, samples: int, seed: int) -> Change:
    before, after = ([_shown(pair[side]) for pair in pairs] for side in (0, 1))
    low, high = interval(
        lambda rows: pooled_error(after, rows) - pooled_error(before, rows),
        len(pairs),
        samples=min(samples, _CALIBRATION_SAMPLES),
        seed=seed,
    )
    everything = range(len(pairs))
    return _rounded(pooled_error(before, everything), pooled_error(after, everything), low, high)


def _shown(measured: Measured) -> Values:
    return np.array(measured.pairs, dtype=np.float64).reshape(-1, 2)


def _rounded(before: float, after: float, low: float, high: float) -> Change:
    return Change(
        before=round(before, 4), after=round(after, 4), low=round(low, 4), high=round(high, 4)
    )


def _few(queries: int) -> str:
    return (
        f"Only {counted(queries, 'resource')} judged the two; {ENOUGH} are the fewest that tell a "
        "worse model from a better one."
    )


def _doubt(queries: int, unnoticed: Mapping[str, float], margin: float) -> str:
    falls = " or ".join(f"{width:.3f} in {TITLES[name]}" for name, width in unnoticed.items())
    return (
        f"Judged by {queries:,} resources: a fall of up to {falls} could go unnoticed, which is "
        f"more than the margin of {margin:g}."
    )


def _objection(fall: Fall) -> str:
    part, change = fall.part, fall.change
    where = part if part.by is None else f"in {part}"
    return (
        f"{TITLES[fall.measure]} falls from {change.before:.3f} to {change.after:.3f} {where} "
        f"({part.queries:,} resources; 95 % interval of the difference "
        f"{change.low:+.3f} to {change.high:+.3f})."
    )
