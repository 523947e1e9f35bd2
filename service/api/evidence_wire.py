"""The report of evidence as it goes over the wire."""

from pydantic import BaseModel, Field


class EvidenceRow(BaseModel):
    """So much of so much in one part of what a figure is about."""

    part: str
    numerator: float
    denominator: float | None
    sign: int = Field(description="-1 where a difference takes it away, else 1.")


class EvidenceFigure(BaseModel):
    """A measure of one platform, or of all (`*`), in one slice, with how it was computed."""

    id: str = Field(examples=["coverage/*/framework=saltmere-2024/language=fr"])
    measure: str
    group: str
    title: str
    unit: str
    method: str
    formula: str
    platform: str
    slice: dict[str, str]
    value: float | None
    withheld: bool = Field(description="Kept back, since too few learners are behind it.")
    numerator: float | None
    denominator: float | None
    low: float | None = Field(description="Lower end of the 95 % interval.")
    high: float | None
    between: list[str] = Field(description="The best and the worst part, of a gap.")
    rows: list[EvidenceRow]


class EvidencePlatform(BaseModel):
    """A platform of the report, and the datasets that are of it."""

    id: str
    name: str
    datasets: list[str]


class EvidenceProtection(BaseModel):
    """How many learners make a cell, and the scales of the noise on each table's numbers."""

    least: int
    epsilon: float | None
    scales: dict[str, list[float]]


class EvidenceChange(BaseModel):
    """A figure's value in the report before, and now."""

    figure: str
    before: float
    after: float


class EvidenceEditions(BaseModel):
    """Editions of one curriculum, of which a total counts one: the new one → those before it."""

    ahead: dict[str, list[str]] = Field(
        description="Not carried over to yet: the one before counts."
    )
    instead: dict[str, list[str]] = Field(description="Carried over to: the new one counts.")


class EvidenceReport(BaseModel):
    """What was found when (Unix seconds), and what has changed since the report before it."""

    format: int
    made: float
    fingerprint: str
    since: float | None
    protection: EvidenceProtection
    platforms: list[EvidencePlatform]
    frameworks: dict[str, str]
    editions: EvidenceEditions
    halves: list[list[str]] | None
    changes: list[EvidenceChange]
    figures: list[EvidenceFigure]
