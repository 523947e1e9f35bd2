"""What goes over the wire for crosswalks."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from data import records
from service.api.wire import Id, Listed, Provenance, Request, Text


class State(StrEnum):
    """Which lines of a crosswalk are asked for."""

    STANDING = "standing"
    WAITING = "waiting"


class Crosswalk(BaseModel):
    """Two frameworks, and how many lines lead from the one to the other."""

    framework: str = Field(examples=["saltmere-2024"])
    other: str
    waiting: int = Field(description="Lines that are proposed and not decided on.")
    standing: int = Field(description="Lines that a source or a curator states.")


class CrosswalkList(Listed[Crosswalk]):
    """All pairs of frameworks that have lines; `next` is always null."""


class OutcomeName(BaseModel):
    """An outcome by its name."""

    id: str
    code: str | None
    title: str
    language: str | None

    @classmethod
    def of(cls, record: records.Outcome) -> "OutcomeName":
        """An outcome as it is in the catalogue."""
        return cls.model_validate(record, from_attributes=True)


class CrosswalkLine(BaseModel):
    """`other` is the same as `outcome`, or broader, or … than it, or may be."""

    outcome: OutcomeName
    other: OutcomeName
    match: records.Match
    confidence: float | None = Field(description="Of a line that waits.")
    provenance: Provenance | None = Field(description="Who or what states or proposes it.")

    @classmethod
    def of(
        cls,
        line: records.Correspondence | records.ProposedCorrespondence,
        names: Mapping[str, records.Outcome],
    ) -> "CrosswalkLine":
        """A line that stands or waits, with the names of its outcomes."""
        said = line if isinstance(line, records.ProposedCorrespondence) else line.provenance
        return cls(
            outcome=OutcomeName.of(names[line.outcome]),
            other=OutcomeName.of(names[line.other]),
            match=line.match,
            confidence=getattr(line, "confidence", None),
            provenance=_origin(said),
        )


class CrosswalkLines(Listed[CrosswalkLine]):
    """A page of lines, and how many there are of either state."""

    waiting: int
    standing: int


class CorrespondenceDecisionRequest(Request):
    """A curator's word on two outcomes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "outcome_id": "saltmere-equivalent-fractions",
                    "other_id": "arvelle-fractions-egales",
                    "match": "exact",
                    "decision": "accept",
                    "note": "",
                    "curator": "Amina",
                }
            ]
        }
    )

    outcome_id: Id
    other_id: Id
    match: records.Match | None = Field(
        None,
        description="What the other one is to the outcome; an acceptance needs it, else it is what "
        "was proposed for the two.",
    )
    decision: Literal["accept", "reject", "defer"]
    note: Text = Field("", max_length=10_000)
    curator: Id = "curator"


class CorrespondenceDecision(BaseModel):
    """A line of the ledger of crosswalks."""

    id: int
    outcome_id: str
    other_id: str
    match: records.Match
    decision: records.Verdict
    note: str
    curator: str
    time: float = Field(description="Unix seconds.")

    @classmethod
    def of(cls, record: records.CorrespondenceDecision) -> "CorrespondenceDecision":
        """A decision as it is in the ledger."""
        return cls(
            id=record.id or 0,
            outcome_id=record.outcome,
            other_id=record.other,
            match=record.match,
            decision=record.verdict,
            note=record.note,
            curator=record.curator,
            time=record.time,
        )


class CorrespondenceDecisionList(Listed[CorrespondenceDecision]):
    """A page of the ledger of crosswalks."""


def _origin(
    said: records.Provenance | records.ProposedCorrespondence | None,
) -> Provenance | None:
    return Provenance(agent=said.agent, time=said.time, model=said.model) if said else None
