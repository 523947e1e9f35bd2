"""What a model's lists mean for a curator who works through them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from evaluation.alignment.protocol import Prediction
from evaluation.alignment.scoring import Gold, Lists

# As likely right as wrong.
CONFIDENT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Curator:
    """What there is to read, and what comes of it; None where there is nothing to divide by.

    `decisions_per_tag` is how many shown suggestions are read for each right one among them.
    `first_right` is the share of resources whose first suggestion is right. `abstained` is the
    share for which nothing is shown, `abstained_rightly` the share of those in whose whole list
    nothing was right. `without_resource` is the share of assignable outcomes that no resource is
    suggested for with a confidence of CONFIDENT or more.
    """

    decisions_per_tag: float | None
    first_right: float
    abstained: float
    abstained_rightly: float | None
    without_resource: float


def for_curator(lists: Lists, gold: Gold, assignable: Collection[str]) -> Curator:
    """Count over the gold's queries, of which there is at least one."""
    shown = right = 0
    silent: list[bool] = []
    for query, relevant in gold.items():
        selected = [found.outcome for found in lists[query] if found.selected]
        shown += len(selected)
        right += sum(outcome in relevant for outcome in selected)
        if not selected:
            silent.append(not any(found.outcome in relevant for found in lists[query]))
    served = {
        found.outcome
        for predictions in lists.values()
        for found in predictions
        if found.confidence >= CONFIDENT
    }
    first = sum(_first_is_right(lists[query], relevant) for query, relevant in gold.items())
    return Curator(
        decisions_per_tag=round(shown / right, 4) if right else None,
        first_right=round(first / len(gold), 4),
        abstained=round(len(silent) / len(gold), 4),
        abstained_rightly=round(sum(silent) / len(silent), 4) if silent else None,
        without_resource=round(1 - len(served & set(assignable)) / len(assignable), 4),
    )


def _first_is_right(predictions: Sequence[Prediction], relevant: frozenset[str]) -> bool:
    return bool(predictions) and predictions[0].outcome in relevant
