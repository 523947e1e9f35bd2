"""What goes over the wire for suggestions and decisions."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from data import records
from models.suggestion import AbstentionCause, Filters, ReasonKind
from service.api.wire import Id, Language, Listed, Origin, OutcomeLink, Request, Text
from service.http.problems import Problem

MOST_ITEMS = 64
Names = Annotated[list[str], Field(max_length=100)]


class SuggestionRequest(Request):
    """A text, or a resource of the catalogue, for which outcomes are wanted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "Pupils build a circuit with a battery, a switch and two bulbs", "k": 5},
                {"resource_id": "en-fraction-wall", "frameworks": ["saltmere-2024"]},
            ]
        }
    )

    text: str | None = None
    resource_id: Id | None = None
    language: Language | None = Field(None, description="The text's, if it is known.")
    frameworks: Names = Field([], description="Only outcomes of these frameworks.")
    levels: Names = Field([], description="Only outcomes of these levels.")
    languages: Names = Field([], description="Only outcomes in these languages.")
    k: int = Field(10, ge=1, le=100, description="How many.")

    @model_validator(mode="after")
    def _one_question(self) -> "SuggestionRequest":
        if (self.text is None) == (self.resource_id is None):
            raise ValueError("give either text or resource_id")
        return self

    @property
    def filters(self) -> Filters:
        """Which outcomes may be suggested."""
        return Filters(
            frameworks=tuple(self.frameworks),
            languages=tuple(self.languages),
            levels=tuple(self.levels),
        )


class Reason(BaseModel):
    """One reason a curator can check."""

    kind: ReasonKind
    strength: float = Field(description="From 0 to 1.")
    moved: float = Field(
        description="By how many log-odds it raises the score, or lowers it, against what is "
        "usual in the list."
    )
    words: list[str] = Field(description="What text and outcome have in common.")
    resources: list[str] = Field(
        description="Ids of near resources that were accepted for the outcome."
    )
    by: list[Origin] = Field(description="Where a crosswalk leads here from.")


class Suggestion(BaseModel):
    """An outcome that the model proposes."""

    outcome: OutcomeLink
    rank: int
    score: float = Field(description="The ranker's, in log-odds.")
    confidence: float = Field(description="Calibrated probability that a curator would accept.")
    selected: bool = Field(description="Whether it is in the set worth showing.")
    reasons: list[Reason]


class Abstention(BaseModel):
    """Why nothing is selected, and what would help."""

    cause: AbstentionCause
    help: str


class Suggestions(Listed[Suggestion]):
    """Suggestions, best first; `next` is always null."""

    suggestion_id: str = Field(description="Send it with each decision on this list.")
    model: str
    index: str
    abstained: Abstention | None


class SuggestionBatch(Request):
    """Up to 64 questions."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"items": [{"text": "Comparing decimals"}, {"resource_id": "en-pi"}]}]
        }
    )

    # Checked one by one, so that a wrong one does not spoil the others.
    items: list[
        Annotated[Any, WithJsonSchema({"$ref": "#/components/schemas/SuggestionRequest"})]
    ] = Field(min_length=1, max_length=MOST_ITEMS)


class BatchItem(BaseModel):
    """What became of one question: an answer or a problem."""

    answer: Suggestions | None
    problem: Problem | None


class BatchAnswer(Listed[BatchItem]):
    """One item for each question, in their order; `next` is always null."""


class DecisionRequest(Request):
    """A curator's word on a resource and an outcome."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "resource_id": "en-fraction-wall",
                    "outcome_id": "saltmere-equivalent-fractions",
                    "decision": "reject",
                    "reason": "too basic",
                    "note": "",
                    "suggestion_id": None,
                }
            ]
        }
    )

    resource_id: Id
    outcome_id: Id
    decision: Literal["accept", "reject", "defer"]
    reason: records.RejectionReason | None = Field(None, description="Only with a rejection.")
    note: Text = Field("", max_length=10_000)
    suggestion_id: Id | None = Field(None, description="Of the list that the curator saw.")
    curator: Id = "curator"


class Decision(BaseModel):
    """A line of the ledger."""

    id: int
    resource_id: str
    outcome_id: str
    decision: records.Verdict
    reason: records.RejectionReason | None
    note: str
    curator: str
    time: float = Field(description="Unix seconds.")
    suggestion_id: str | None
    framework_fingerprint: str = Field(description="The state of the framework decided on.")

    @classmethod
    def of(cls, record: records.Decision) -> "Decision":
        """A decision as it is in the ledger."""
        return cls(
            id=record.id or 0,
            resource_id=record.resource,
            outcome_id=record.outcome,
            decision=record.verdict,
            reason=record.reason,
            note=record.note,
            curator=record.curator,
            time=record.time,
            suggestion_id=record.showing.id if record.showing else None,
            framework_fingerprint=record.framework_fingerprint,
        )
