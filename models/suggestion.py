"""What the aligner is asked and what it answers: values that every caller shares."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from data.records import Match, Relation

LIKELY: Final = 0.5


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
    TITLE = "title"
    NEIGHBOURS = "neighbours"
    SURROUNDINGS = "surroundings"
    SUBJECT = "subject"
    LEVEL = "level"
    LANGUAGE = "language"
    CROSSWALK = "crosswalk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An outcome of another framework that a resource was accepted for, with the titles of both.

    `relation` says how; `match` is what an outcome here is to it, by a line of a crosswalk.
    """

    outcome: str
    title: str
    language: str | None
    framework: str
    framework_title: str
    relation: Relation
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """An outcome that a crosswalk leads a resource to, by which others, and how sure that is."""

    outcome: str
    confidence: float
    by: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason a curator can check: its kind, how strong (0–1), and what is concerned.

    `words` are those shared, `resources` the ids of near ones that were accepted for the outcome.
    `moved` tells by how many log-odds the reason raises the score, or lowers it, against what is
    usual in the list; 0 where no ranker judged. `by` are the outcomes that a crosswalk comes from.
    """

    kind: ReasonKind
    strength: float
    words: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    moved: float = 0.0
    by: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One outcome that the aligner proposes.

    `score` is the ranker's in log-odds or, where there is none, in deviations above an ordinary
    outcome of its framework; `confidence` is the calibrated probability that a curator would
    accept; `selected` says whether it is in the set to show.
    """

    outcome: str
    rank: int
    score: float
    confidence: float
    selected: bool
    reasons: tuple[Reason, ...] = ()

    @property
    def is_likely(self) -> bool:
        """Whether it is likelier to fit than not, by the confidence in whole per cent.

        The set to show may hold others, since missing what fits costs more than a look.
        """
        return round(self.confidence, 2) >= LIKELY


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
    """A text that may teach something; `language` is BCP 47, None when it is not known.

    `resource` is its id in the catalogue, if it has one. `subject` and `levels` are what its source
    says of it, and `carried` what crosswalks say of what it was accepted for.
    """

    text: str
    language: str | None = None
    resource: str | None = None
    subject: str | None = None
    levels: tuple[str, ...] = ()
    carried: tuple[Carried, ...] = ()
