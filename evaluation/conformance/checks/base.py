"""What a check is: its parameters, and a function of what it looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from data.records import Alignment, Dataset, Resource
from evaluation.conformance.findings import Finding
from evaluation.conformance.tally import Tally

Words = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
Share = Annotated[float, Field(ge=0, le=1, strict=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A resource and what is known of it: alignments, today, and its link if it was asked for."""

    resource: Resource
    alignments: Sequence[Alignment] = ()
    today: date
    link: Finding | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that holds of the running program or not, and what shows it."""

    holds: bool
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How many assignable outcomes a framework has, and for how many there is a resource."""

    title: str
    outcomes: int
    served: int
    by_language: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """All resources of some datasets together, after each was looked at."""

    datasets: Sequence[Dataset]
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    frameworks: Sequence[Covered] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)


class _Check(BaseModel):
    """Parameters come from a profile and are what they must be, or the profile is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @classmethod
    def about(cls) -> str:
        """What it looks for, in one sentence."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    @classmethod
    def parameters(cls) -> dict[str, Any]:
        """Name → default of each parameter, or `...` where it must be given."""
        return {
            name: ... if field.is_required() else field.default
            for name, field in cls.model_fields.items()
        }


class ResourceCheck(_Check):
    """A question that is asked of each resource."""

    def __call__(self, seen: Seen) -> Finding:
        """What is found of one resource."""
        raise NotImplementedError


class PlatformCheck(_Check):
    """A question that is asked of all resources together, or of the running program."""

    def __call__(self, platform: Platform) -> Finding:
        """What is found of the platform."""
        raise NotImplementedError
