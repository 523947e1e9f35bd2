"""What sources state and curators decided → labels of pairs, and what each rejection teaches.

A curator who says no has the last word, also over a source. Who decided, when, and what they noted
is left behind here: a label names no person.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from data.formats.rejections import Aspect, Rejection
from data.records import Alignment, Decision, RejectionReason, Relation, Split, Verdict
from data.splits import Pair, Splits, strictest

# None: the resource may well teach the outcome, so nothing is said of the alignment.
ASPECTS: Final[Mapping[RejectionReason | None, Aspect | None]] = {
    None: Aspect.ALIGNMENT,
    RejectionReason.CURRICULUM: Aspect.ALIGNMENT,
    RejectionReason.ACTIVITY: Aspect.ALIGNMENT,
    RejectionReason.OTHER: Aspect.ALIGNMENT,
    RejectionReason.SUBJECT: Aspect.SUBJECT,
    RejectionReason.TOO_ADVANCED: Aspect.LEVEL,
    RejectionReason.TOO_BASIC: Aspect.LEVEL,
    RejectionReason.CULTURE: None,
    RejectionReason.QUALITY: None,
    RejectionReason.ALREADY_USED: None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Pairs without their splits, in the order of their ids.

    `stated` is the strictest split that a source gives a resource or an outcome; `left_out` counts
    what teaches nothing about alignment, by why.
    """

    accepted: Sequence[Alignment]
    rejected: Sequence[Rejection]
    stated: Splits
    left_out: Mapping[str, int]

    def pairs(self) -> list[Pair]:
        """Resource and outcome of every label, accepted ones first."""
        labels: tuple[Alignment | Rejection, ...] = (*self.accepted, *self.rejected)
        return [(one.resource, one.outcome) for one in labels]


def labels_of(
    alignments: Iterable[Alignment], decisions: Iterable[Decision], assignable: Container[str]
) -> Labels:
    """Label pairs by all `alignments` that are stated and the `decisions` that stand.

    An outcome that is not `assignable` any more is a heading now and labels nothing. `teaches` and
    `assesses` are positive; `requires` says what a resource builds on, which is no label.
    """
    left_out: Counter[str] = Counter()
    splits: dict[Pair, list[Split]] = defaultdict(list)
    stated: set[tuple[str, str, Relation]] = set()
    for found in alignments:
        pair = (found.resource, found.outcome)
        if found.split:
            splits[pair].append(found.split)
        if found.outcome not in assignable:
            left_out["headings"] += 1
        elif found.relation is Relation.REQUIRES:
            left_out["requires"] += 1
        else:
            stated.add((*pair, found.relation))
    rejected = _rejections(decisions, assignable, left_out)
    overruled = [key for key in stated if key[:2] in rejected]
    left_out["overruled"] = len(overruled)
    return Labels(
        accepted=[
            Alignment(resource=resource, outcome=outcome, relation=relation)
            for resource, outcome, relation in sorted(stated.difference(overruled))
        ],
        rejected=[rejected[pair] for pair in sorted(rejected)],
        stated=_stated(splits),
        left_out={why: count for why, count in sorted(left_out.items()) if count},
    )


def _rejections(
    decisions: Iterable[Decision], assignable: Container[str], left_out: Counter[str]
) -> dict[Pair, Rejection]:
    rejected: dict[Pair, Rejection] = {}
    for decision in decisions:
        aspect = ASPECTS[decision.reason]
        if decision.verdict is Verdict.DEFER:
            left_out["deferred"] += 1
        elif decision.verdict is not Verdict.REJECT:
            continue
        elif decision.outcome not in assignable:
            left_out["headings"] += 1
        elif aspect is None:
            left_out["rejected for what is no matter of alignment"] += 1
        else:
            rejected[decision.resource, decision.outcome] = Rejection(
                resource=decision.resource,
                outcome=decision.outcome,
                reason=decision.reason,
                aspect=aspect,
            )
    return rejected


def _stated(splits: Mapping[Pair, Sequence[Split]]) -> Splits:
    resources: dict[str, list[Split]] = defaultdict(list)
    outcomes: dict[str, list[Split]] = defaultdict(list)
    for (resource, outcome), found in splits.items():
        resources[resource] += found
        outcomes[outcome] += found
    return Splits(
        resources={id_: strictest(found) for id_, found in resources.items()},
        outcomes={id_: strictest(found) for id_, found in outcomes.items()},
    )
