"""What stands in the curators' queue, and what may be asked of it."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An outcome that the model proposes; `selected` if it is likely enough to be shown."""

    outcome: str
    confidence: float
    selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A resource with what is proposed for it, best first, by the index of that id.

    `framework` is that of the best; `uncertainty` and `reach`, from 0 to 1, make what a decision
    teaches.
    """

    resource: str
    index: str
    framework: str
    subject: str | None
    language: str | None
    uncertainty: float
    reach: float
    proposals: tuple[Proposal, ...]


class QueueOrder(StrEnum):
    """What comes first."""

    TEACHES = "teaches"
    CONFIDENCE = "confidence"
    SUBJECT = "subject"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which resources are wanted; None lets all through. `dataset` "" is what was made here.

    Those of a `platform` are those of its datasets.
    """

    framework: str | None = None
    subject: str | None = None
    dataset: str | None = None
    language: str | None = None
    platform: str | None = None


EVERYTHING = QueueFilter()
