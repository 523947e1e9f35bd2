"""What goes over the wire, apart from the records that are kept."""

from dataclasses import asdict
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from data import records
from data.formats.fields import ID_LIMIT, well_formed
from models.suggestion import Carried

T = TypeVar("T")


def _language(tag: str) -> str:
    if not well_formed(tag):
        raise ValueError("not a BCP 47 tag such as en, pt-BR or zh-Hant")
    return tag


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character; remove it")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Id = Annotated[Text, Field(min_length=1, max_length=ID_LIMIT)]
Language = Annotated[str, Field(max_length=100), AfterValidator(_language)]


class Request(BaseModel):
    """A body that is sent to us; a field it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid")


class Listed(BaseModel, Generic[T]):
    """Items in their order, and the cursor that leads to those after them, if any."""

    items: list[T]
    next: str | None = Field(None, description="Send it back as `cursor` for the next page.")


class Framework(BaseModel):
    """A curriculum as published."""

    id: str = Field(examples=["saltmere-2024"])
    title: str
    language: str | None
    fingerprint: str = Field(description="Names the state of its outcomes.")
    dataset: str
    license: str | None
    attribution: str | None

    @classmethod
    def of(cls, record: records.Framework, source: records.Dataset | None) -> "Framework":
        """A framework with the terms of the dataset that it came with."""
        return cls(
            **asdict(record),
            license=source.license if source else None,
            attribution=source.attribution if source else None,
        )


class OutcomeLink(BaseModel):
    """An outcome in short, with the titles that lead to it, its own the last."""

    id: str
    framework: str
    code: str | None
    title: str
    path: list[str] = Field(examples=[["Mathematics", "Fractions", "Compare two fractions"]])


class Outcome(BaseModel):
    """A node of a framework; only an assignable one can be suggested."""

    id: str
    framework: str
    parent: str | None
    code: str | None
    title: str
    description: str
    subject: str | None
    levels: list[str]
    language: str | None
    position: int
    assignable: bool

    @classmethod
    def of(cls, record: records.Outcome) -> "Outcome":
        """An outcome as it is in the catalogue."""
        return cls.model_validate(record, from_attributes=True)


class OutcomeInTree(Outcome):
    """An outcome with what is above and right below it."""

    path: list[str] = Field(description="Titles from the root to the outcome itself.")
    children: list[Outcome]


class ResourceFields(Request):
    """What a resource says; title or description must say what it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Adding fractions with the same denominator",
                    "description": "Pupils add fractions of a whole and write the sum.",
                    "language": "en",
                    "kind": "lesson",
                }
            ]
        }
    )

    title: str = ""
    description: str = ""
    text: str = ""
    kind: str | None = None
    subject: str | None = None
    levels: list[str] = []
    language: Language | None = None
    url: str | None = None
    license: str | None = None
    extra: dict[str, JsonValue] | None = Field(
        None, description="Fields of the source that are kept and not interpreted."
    )


class NewResource(ResourceFields):
    """A resource to be added."""

    id: Id | None = Field(None, description="Left out, one is made.")


class ResourceInShort(BaseModel):
    """A thing to learn with, as lists show it."""

    id: str
    title: str
    description: str
    kind: str | None
    subject: str | None
    levels: list[str]
    language: str | None
    url: str | None
    license: str | None

    @classmethod
    def of(cls, record: records.Resource) -> Self:
        """A resource as it is in the catalogue."""
        return cls.model_validate(record, from_attributes=True)


class Resource(ResourceInShort):
    """A thing to learn with."""

    text: str
    extra: dict[str, Any]


class Provenance(BaseModel):
    """Who or what stated something, when (Unix seconds), and with which model."""

    agent: str
    time: float
    model: str | None


class AlignedOutcome(BaseModel):
    """An outcome that a resource is aligned to."""

    outcome: OutcomeLink
    relation: records.Relation
    provenance: Provenance | None


class Origin(BaseModel):
    """An outcome of another framework that a resource is aligned to, which corresponds."""

    outcome: str = Field(description="Its id.")
    title: str
    language: str | None
    framework: str
    framework_title: str
    relation: records.Relation = Field(description="The resource's to it.")
    match: records.Match = Field(description="What the outcome here is to it.")


class AlignedResource(BaseModel):
    """A resource that is aligned to an outcome, or that a crosswalk leads to it."""

    resource: ResourceInShort
    relation: records.Relation
    provenance: Provenance | None
    confidence: float | None = Field(
        description="How sure it is, where a crosswalk leads here; else null."
    )
    by: list[Origin] = Field(description="Where a crosswalk leads here from.")

    @classmethod
    def brought(cls, resource: records.Resource, carried: Carried) -> Self:
        """A resource that a crosswalk leads to an outcome."""
        return cls(
            resource=ResourceInShort.of(resource),
            relation=carried.by[0].relation,
            provenance=None,
            confidence=round(carried.confidence, 4),
            by=[Origin.model_validate(one, from_attributes=True) for one in carried.by],
        )


def provenance_of(alignment: records.Alignment) -> Provenance | None:
    """Who stated an alignment."""
    stated = alignment.provenance
    return Provenance(**asdict(stated)) if stated else None
