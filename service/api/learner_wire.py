"""What goes over the wire about learners."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

from data import records
from data.catalogue.arrivals import Fate
from service.api.wire import Id, Request, Text


class InteractionRequest(Request):
    """Something a learner did."""

    id: Id | None = Field(None, description="Yours, so that it can be sent again without harm.")
    learner: Id = Field(description="A pseudonym; never a name or an address.")
    resource: Id | None = None
    item: Id | None = Field(None, description="The question or part of the resource.")
    outcomes: list[Id] = Field(
        [], max_length=50, description="Left out, those that the resource is aligned to."
    )
    time: FiniteFloat = Field(ge=0, description="Unix seconds.")
    event: records.Event
    score: FiniteFloat | None = Field(None, ge=0, le=1)

    def record(self, learner: str) -> records.Interaction:
        """The interaction, of that pseudonym."""
        return records.Interaction(
            learner=learner,
            resource=self.resource,
            item=self.item,
            outcomes=tuple(self.outcomes),
            time=self.time,
            event=self.event,
            score=self.score,
        )


class Interactions(Request):
    """Several interactions under `items`, or one alone as the whole body."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "0b9f0f6e-7f0e-4d51-9b8e-1f0f5f8f2c11",
                            "learner": "l-7c54c8",
                            "resource": "en-mirror-lines",
                            "event": "attempted",
                            "score": 1,
                            "time": 1788259508,
                        }
                    ]
                }
            ]
        }
    )

    items: list[InteractionRequest] = Field(min_length=1, max_length=1000)

    @model_validator(mode="before")
    @classmethod
    def _one_alone(cls, body: Any) -> Any:
        return {"items": [body]} if isinstance(body, dict) and "items" not in body else body


class InteractionFate(BaseModel):
    """What became of one interaction; the `reason` says why it was refused."""

    id: str | None
    fate: Fate
    reason: str | None


class InteractionsTaken(BaseModel):
    """What became of each interaction that was sent, in their order."""

    items: list[InteractionFate]
    counts: dict[Fate, int]
    next: None = None


class StatementRequest(Request):
    """What someone says that a learner can do, whatever was estimated."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"outcome": "saltmere-line-symmetry", "can": 1, "voice": "teacher"}]
        }
    )

    outcome: Id
    can: FiniteFloat = Field(ge=0, le=1, description="0 not at all, 1 safely.")
    voice: records.Voice = Field(
        records.Voice.LEARNER,
        description=(
            "`learner` contests an estimate, `teacher` overrides it, `placement` answers a question"
        ),
    )
    note: Annotated[Text, Field(max_length=2000)] = ""
