"""What the aligner is asked and what it answers: values that every caller shares."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which outcomes may be suggested; an empty tuple lets all through.

    Languages are matched whatever their variety (`en` admits `en-GB`); an outcome without levels
    takes those of its nearest ancestor that has some.
    """

    frameworks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


class ReasonKind(StrEnum):
    """What moved a suggestion."""

    MEANING = "meaning"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason a curator can check: its kind, how strong (0–1), and the words concerned."""

    kind: ReasonKind
    strength: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One outcome that the aligner proposes.

    `score` is in deviations above an ordinary outcome of its framework; `confidence` is the
    calibrated probability that a curator would accept; `selected` says whether it is in the set
    to show.
    """

    outcome: str
    rank: int
    score: float
    confidence: float
    selected: bool
    reasons: tuple[Reason, ...] = ()


class AbstentionCause(StrEnum):
    """Why nothing is suggested."""

    NO_TEXT = "no text"
    LANGUAGE = "language not supported"
    NOTHING_ALLOWED = "no outcome passes the filters"
    NOTHING_CLOSE = "nothing close enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """An answer without a selected outcome: the cause, and what would help."""

    cause: AbstentionCause
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Suggestions best first; with `abstained` set none of them is selected."""

    suggestions: tuple[Suggestion, ...]
    abstained: Abstention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A text that may teach something; `language` is BCP 47, None when it is not known."""

    text: str
    language: str | None = None
