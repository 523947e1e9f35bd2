"""Labelled pairs → splits without leaks: seeded, and stable when the catalogue grows.

What is all but the same goes to one split. A split that is known already, from a freeze before or
from the source of the data, is kept; where several are known in one family the strictest holds, so
that nothing leaves test. All else is drawn by a hash of its id, which asks nobody else.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from data.errors import GatewaysError
from data.records import Split

Pair: TypeAlias = tuple[str, str]  # resource, outcome
Families: TypeAlias = Mapping[str, str]  # id → name of the family it belongs to

_STRICTNESS = {Split.TRAIN: 0, Split.DEV: 1, Split.TEST: 2}


class By(StrEnum):
    """What is parted: outcomes (nothing is known of those in test) or resources alone."""

    OUTCOME = "outcome"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to part: shares of dev and test, the rest is train. Raises GatewaysError."""

    by: By = By.OUTCOME
    dev: float = 0.1
    test: float = 0.2
    seed: int = 0

    def __post_init__(self) -> None:
        if self.dev < 0 or self.test < 0 or self.dev + self.test >= 1:
            raise GatewaysError(
                f"shares: dev {self.dev:g} and test {self.test:g} must be at least 0 and leave "
                "something to train on"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """Id → split, of resources and, where it is parted by outcome, of outcomes."""

    resources: Mapping[str, Split] = field(default_factory=dict)
    outcomes: Mapping[str, Split] = field(default_factory=dict)

    def of_accepted(self, pair: Pair) -> Split | None:
        """The split in which both lie; None if they lie in different ones."""
        resource, outcome = pair
        split = self.resources[resource]
        return split if self.outcomes.get(outcome, split) is split else None

    def of_rejected(self, pair: Pair) -> Split | None:
        """The resource's split; None if the outcome's is a stricter one, and so is yet unseen."""
        resource, outcome = pair
        split = self.resources[resource]
        return split if strictest((split, self.outcomes.get(outcome, split))) is split else None

    def strictest_with(self, other: "Splits") -> "Splits":
        """What either of both knows, the stricter one where both do."""
        return Splits(
            resources=_stricter(self.resources, other.resources),
            outcomes=_stricter(self.outcomes, other.outcomes),
        )


def strictest(splits: Iterable[Split]) -> Split:
    """The one that is held back most: test before dev before train."""
    return max(splits, key=_STRICTNESS.__getitem__)


def split(
    pairs: Iterable[Pair], resources: Families, outcomes: Families, known: Splits, plan: Plan
) -> Splits:
    """Give each id of both kinds of families a split.

    With `By.OUTCOME` a resource of several outcomes goes with one of them, drawn among `pairs`,
    and with `By.RESOURCE` outcomes have no split.
    """
    if plan.by is By.RESOURCE:
        return Splits(resources=_parted(resources, known.resources, lambda name: _draw(name, plan)))
    of_outcome = _parted(outcomes, known.outcomes, lambda name: _draw(name, plan))
    outcomes_of: dict[str, list[str]] = defaultdict(list)
    for resource, outcome in pairs:
        outcomes_of[resources[resource]].append(outcome)

    def with_an_outcome(name: str) -> Split:
        if name not in outcomes_of:
            return _draw(name, plan)
        # Not drawn by the outcome alone: the same outcomes would take all that is shared.
        first = min(outcomes_of[name], key=lambda outcome: (_number(f"{name}\n{outcome}"), outcome))
        return of_outcome[first]

    of_resource = _parted(resources, known.resources, with_an_outcome)
    return Splits(resources=of_resource, outcomes=of_outcome)


def _parted(
    families: Families, known: Mapping[str, Split], choose: Callable[[str], Split]
) -> dict[str, Split]:
    """Id → split: the strictest that is known of one of its family, else the one chosen for it."""
    known_of: dict[str, list[Split]] = defaultdict(list)
    for id_, name in families.items():
        if id_ in known:
            known_of[name].append(known[id_])
    by_name = {
        name: strictest(known_of[name]) if name in known_of else choose(name)
        for name in dict.fromkeys(families.values())
    }
    return {id_: by_name[name] for id_, name in families.items()}


def _draw(name: str, plan: Plan) -> Split:
    drawn = _number(f"{plan.seed}\n{name}") / 2**64
    if drawn < plan.test:
        return Split.TEST
    return Split.DEV if drawn < plan.test + plan.dev else Split.TRAIN


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def _stricter(one: Mapping[str, Split], other: Mapping[str, Split]) -> dict[str, Split]:
    both = {id_: strictest((one[id_], other[id_])) for id_ in one.keys() & other.keys()}
    return {**one, **other, **both}
