"""The words for what became of an outcome between two editions of a framework."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What became of outcomes of the old edition, or where those of the new one come from."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    GONE = "gone"
    NEW = "new"


SURE: Final[Mapping[Kind, float]] = {
    Kind.UNCHANGED: 0.98,
    Kind.MOVED: 0.98,
    Kind.REWORDED: 0.9,
    Kind.SPLIT: 0.95,
    Kind.MERGED: 0.98,
}
"""From which confidence on at least 98 of 100 were right on simulated editions.

That there is no counterpart is never sure.
"""


class Evidence(StrEnum):
    """What speaks for it that one outcome is another's successor."""

    STATED = "stated"
    ID = "id"
    CODE = "code"
    TEXT = "text"
    PLACE = "place"
    SIMILARITY = "similarity"
    PARTS = "parts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Ids of the old edition, and of the new one, that belong together.

    `old` is empty for what is new and `new` for what is gone; several of them are a merger or a
    split. `confidence` is the probability that it is just so; `sure` that nobody need look.
    """

    kind: Kind
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    confidence: float
    sure: bool

    @property
    def carries(self) -> bool:
        """Whether what is aligned to the old ones is so to the new one, without being looked at.

        Which part of what was split a resource is about, nobody knows yet.
        """
        return self.sure and bool(self.old) and len(self.new) == 1

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every old one with every new one."""
        return [(old, new) for old in self.old for new in self.new]
