"""The words of the domain as frozen records. No I/O here.

Texts are "" when absent; codes, languages and the like are None. `extra` holds the fields of a
source that we do not interpret, so that what was read can be written again without loss.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Extra: TypeAlias = Mapping[str, Any]


class Relation(StrEnum):
    """How a resource relates to an outcome."""

    TEACHES = "teaches"
    ASSESSES = "assesses"
    REQUIRES = "requires"


class Match(StrEnum):
    """What another outcome, mostly of another framework, is to an outcome (as SKOS maps)."""

    EXACT = "exact"
    BROADER = "broader"
    NARROWER = "narrower"
    RELATED = "related"
    SUCCESSOR = "successor"

    @property
    def back(self) -> "Match":
        """The same, read from the other end."""
        return {Match.BROADER: Match.NARROWER, Match.NARROWER: Match.BROADER}.get(self, self)


class Split(StrEnum):
    """Which part of an experiment a gold alignment belongs to."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


class Event(StrEnum):
    """What a learner did with a resource."""

    VIEWED = "viewed"
    ATTEMPTED = "attempted"
    COMPLETED = "completed"
    SKIPPED = "skipped"


class Verdict(StrEnum):
    """What a curator said of a suggestion. UNDO withdraws the verdict before it."""

    ACCEPT = "accept"
    REJECT = "reject"
    DEFER = "defer"
    UNDO = "undo"


class RejectionReason(StrEnum):
    """Why a suggestion was rejected: the vocabulary that Kolibri Studio's curators pick from."""

    CURRICULUM = "does not suit the curriculum"
    SUBJECT = "not related to the subject"
    CULTURE = "culturally unsuitable"
    ACTIVITY = "wrong kind of activity"
    TOO_ADVANCED = "too advanced"
    TOO_BASIC = "too basic"
    QUALITY = "not well made"
    ALREADY_USED = "already used"
    OTHER = "other"


class Voice(StrEnum):
    """Who says what a learner can do: they, their teacher, or their answer on placement."""

    LEARNER = "learner"
    TEACHER = "teacher"
    PLACEMENT = "placement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Where rows come from: one folder, one file or one remote source, with its licence."""

    name: str
    license: str | None = None
    attribution: str | None = None
    source: str | None = None
    languages: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A country, publisher or school that shares this gateway; datasets are assigned to it.

    `operator` is who runs it, `license` the one of what it offers where that is one for all.
    `created` is in Unix seconds.
    """

    id: str
    name: str
    operator: str
    url: str | None = None
    license: str | None = None
    languages: tuple[str, ...] = ()
    contact: str | None = None
    note: str = ""
    created: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A curriculum as published. `fingerprint` names the state of its outcomes."""

    id: str
    dataset: str
    title: str
    language: str | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A node of a framework; a resource may be aligned to it if it is `assignable`."""

    id: str
    framework: str
    parent: str | None = None
    code: str | None = None
    title: str
    description: str = ""
    subject: str | None = None
    levels: tuple[str, ...] = ()
    language: str | None = None
    position: int = 0
    assignable: bool = True
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A thing to learn with."""

    id: str
    title: str
    description: str = ""
    text: str = ""
    kind: str | None = None
    subject: str | None = None
    levels: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    license: str | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Who or what stated something, when (Unix seconds), and with which model version."""

    agent: str
    time: float
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A resource teaches, assesses or requires an outcome, as a source or a curator says."""

    resource: str
    outcome: str
    relation: Relation = Relation.TEACHES
    split: Split | None = None
    provenance: Provenance | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prerequisite:
    """`outcome` builds on `requires`."""

    outcome: str
    requires: str
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """A line of a crosswalk: `other` is the same as `outcome`, or broader, or … than it."""

    outcome: str
    other: str
    match: Match
    provenance: Provenance | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """Something a pseudonymous learner did with a resource or with one item of it.

    `time` is in Unix seconds, `score` between 0 and 1.
    """

    learner: str
    resource: str | None = None
    item: str | None = None
    outcomes: tuple[str, ...] = ()
    time: float
    event: Event
    score: float | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Another system that resources are harvested from, into the dataset of the same name.

    `options` say what is asked for and what is taken where a resource says nothing; `state` is how
    far the harvest is and how the last one ended. `platform` is the id of the one that its datasets
    belong to, if it is of one. `created` is in Unix seconds.
    """

    name: str
    kind: str
    url: str
    options: Mapping[str, str] = field(default_factory=dict)
    state: Extra = field(default_factory=dict)
    platform: str | None = None
    created: float

    def brings(self, dataset: str) -> bool:
        """Whether a dataset has the name of one that this source brings."""
        return dataset.startswith(f"{self.name}/") if self.kind == "case" else dataset == self.name


Record: TypeAlias = Outcome | Resource | Alignment | Prerequisite | Correspondence | Interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSuggestion:
    """One line of a list of suggestions, as a curator saw it."""

    outcome: str
    rank: int
    score: float
    confidence: float
    selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """One answer of the aligner: what was shown, for what, by which model and index."""

    id: str
    resource: str | None
    time: float
    model: str
    index: str
    frameworks: Mapping[str, str]
    shown: tuple[ShownSuggestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A curator's word on one resource and one outcome; the ledger only ever grows.

    `framework_fingerprint` is the version of the outcome's framework that was decided on, `showing`
    what the curator had before them, if it was a suggestion, and `batch` what many decisions that
    were made at once have in common.
    """

    id: int | None = None
    resource: str
    outcome: str
    verdict: Verdict
    reason: RejectionReason | None = None
    note: str = ""
    curator: str
    time: float
    showing: Showing | None = None
    framework_fingerprint: str = ""
    batch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCorrespondence:
    """A line of a crosswalk that waits for a curator: `other` may be what `match` says.

    `agent` is what proposed it, `model` the version that did; `time` is in Unix seconds.
    """

    outcome: str
    other: str
    match: Match
    confidence: float
    agent: str
    model: str | None = None
    time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrespondenceDecision:
    """A curator's word on two outcomes, whichever is named first; the ledger only ever grows.

    `match` is what `other` is to `outcome` if it was accepted, else what had been proposed.
    """

    id: int | None = None
    outcome: str
    other: str
    match: Match
    verdict: Verdict
    note: str = ""
    curator: str
    time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What someone says a learner can do, whatever was estimated.

    `can` is how much of the outcome, between 0 and 1; `time` is in Unix seconds.
    """

    id: int | None = None
    learner: str
    outcome: str
    can: float
    voice: Voice
    time: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownResource:
    """One line of a recommendation, as a learner saw it.

    `purpose` is what it is for (next, review, goal, explore), `position` 1 the first of the list,
    `propensity` the probability with which the policy showed it there.
    """

    resource: str
    outcome: str
    purpose: str
    position: int
    score: float
    propensity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One answer of the recommender: what was asked, and what was shown by which policy's version.

    `candidates` are the ids and scores of all that could have been shown, best first.
    """

    id: str
    learner: str
    time: float
    policy: str
    asked: Mapping[str, Any]
    shown: tuple[ShownResource, ...]
    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerRecord:
    """All that is kept of one learner, earliest first."""

    learner: str
    interactions: tuple[Interaction, ...]
    statements: tuple[Statement, ...]
    recommendations: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """A learner was erased, by whom and when; of the pseudonym only a hash is left.

    `counts` tells how many rows of each kind were deleted.
    """

    id: int | None = None
    pseudonym_hash: str
    time: float
    agent: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """A resource on a teacher's list, and what they note of it."""

    resource: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceList:
    """Resources that a teacher put in an order; `owner` is the name that they work under.

    Whoever knows the id may read it. Times are in Unix seconds.
    """

    id: str
    title: str
    note: str = ""
    owner: str
    items: tuple[ListItem, ...] = ()
    created: float
    updated: float
