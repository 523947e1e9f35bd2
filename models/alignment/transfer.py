"""What a resource teaches of one framework → what it may teach of others, by lines of a crosswalk.

Whoever teaches an outcome teaches what corresponds to it with a probability that depends on the
kind of the line, and on how many lines lead from the outcome into the other framework: they share
what is taught. One line is crossed, never two, and only into frameworks that a resource is not
aligned to yet. `gateways evaluate transfer` fits the numbers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from data.records import Correspondence, Match
from models.log_odds import expit, logit

Values: TypeAlias = npt.NDArray[np.float64]

UNSEEN: Final = 1e-4
"""What is less likely is as good as not found, by the aligner or by the crosswalk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One line from an outcome that a resource teaches to another framework's outcome.

    `match` is what the other outcome is to this one, `lines` how many lead from it into the same
    framework, and `certainty` how sure it is that the resource teaches it.
    """

    outcome: str
    match: Match
    lines: int
    certainty: float = 1.0


Carried: TypeAlias = Mapping[str, Sequence[Way]]
"""Outcome → the ways that lead a resource to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Log-odds that a line of each kind holds for a resource, and what each doubling takes away."""

    exact: float
    broader: float
    narrower: float
    related: float
    shared: float

    def of(self, way: Way) -> float:
        """The probability that a resource teaches what one way leads to."""
        # No crosswalk with successors was measured; they say more or less than what they replace.
        kind = Match.NARROWER if way.match is Match.SUCCESSOR else way.match
        alone: float = getattr(self, kind.value)
        return way.certainty * float(expit(alone - self.shared * np.log2(way.lines)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """How the log-odds of aligner and crosswalk weigh where a crosswalk leads into a framework.

    Whoever drew its lines from an outcome looked for what corresponds: what no line leads to loses
    `elsewhere`.
    """

    judged: float
    carried: float
    bias: float
    elsewhere: float

    def of(self, judged: Values, carried: Values) -> Values:
        """Confidences [n] from the aligner's [n] and the crosswalk's [n], 0 where none leads."""
        both = self.judged * odds(judged) + self.carried * odds(carried) + self.bias
        return np.where(carried > 0, expit(both), lowered(judged, self.elsewhere))


WORTH: Final = Worth(exact=3.33, broader=2.51, narrower=1.62, related=1.73, shared=1.44)
JOINT: Final = Joint(judged=0.47, carried=1.13, bias=0.94, elsewhere=2.0)
"""Fitted on the sample: `gateways evaluate transfer --dataset data/sample --encoder e5-oak`."""


class Lines:
    """A crosswalk's lines between frameworks, to be read from either end."""

    def __init__(
        self, correspondences: Iterable[Correspondence], framework: Mapping[str, str]
    ) -> None:
        """`framework` tells each outcome's; what is not in it leads nowhere."""
        found: dict[str, dict[str, Match]] = {}
        for line in correspondences:
            if {line.outcome, line.other} <= framework.keys() and (
                framework[line.outcome] != framework[line.other]
            ):
                _add(found, line.outcome, line.other, line.match)
                _add(found, line.other, line.outcome, line.match.back)
        self._framework = framework
        self._from = {name: _ways(name, others, framework) for name, others in found.items()}

    def carried(self, aligned: Iterable[tuple[str, float]]) -> Carried:
        """Where a resource gets to from all outcomes that it teaches, each with its certainty.

        Where it teaches something of a framework, it is known what, and nothing is carried there.
        """
        own = dict(aligned)
        served = {self._framework.get(outcome) for outcome in own}
        found: dict[str, list[Way]] = {}
        for outcome, certainty in own.items():
            for other, way in self._from.get(outcome, {}).items():
                if self._framework[other] not in served:
                    found.setdefault(other, []).append(replace(way, certainty=certainty))
        return found


def likely(ways: Iterable[Way], worth: Worth = WORTH) -> float:
    """The probability that a resource teaches what any of several ways leads to."""
    return 1 - float(np.prod([1 - worth.of(way) for way in ways]))


def joined(judged: Values, carried: Values, joint: Joint = JOINT) -> tuple[Values, float]:
    """Confidences [n] of a framework's candidates, and the probability that anything of it fits.

    From the aligner's [n], and from the crosswalk's [n], which leads to some of them.
    """
    confidences = joint.of(judged, carried)
    return confidences, 1 - float(np.prod(1 - confidences))


def lowered(confidences: Values, lost: float) -> Values:
    """Confidences [n] with so much less in log-odds."""
    kept = confidences * np.exp(-lost)
    found: Values = kept / (1 - confidences + kept)
    return found


def odds(confidences: Values) -> Values:
    """Log-odds [n], of which none is beyond measure."""
    found: Values = logit(np.clip(confidences, UNSEEN, 1 - UNSEEN))
    return found


def _ways(
    outcome: str, others: Mapping[str, Match], framework: Mapping[str, str]
) -> dict[str, Way]:
    lines = Counter(framework[other] for other in others)
    return {
        other: Way(outcome=outcome, match=match, lines=lines[framework[other]])
        for other, match in others.items()
    }


def _add(found: dict[str, dict[str, Match]], one: str, other: str, match: Match) -> None:
    """Keep a line; of several between the same two the one that says most."""
    said = found.setdefault(one, {})
    said[other] = min(match, said.get(other, match), key=list(Match).index)
