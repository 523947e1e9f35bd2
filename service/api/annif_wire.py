"""What goes over the wire for clients of Annif's REST interface."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from data import records
from service.api.wire import Text

MOST_DOCUMENTS = 32
NO_LANGUAGE = "und"
Limit = Annotated[int, Field(ge=0, le=2**31 - 1, description="How many; 100 at most are given.")]
Threshold = Annotated[float, Field(ge=0, le=1, description="The least score.")]


class Backend(BaseModel):
    """What answers for a project."""

    backend_id: str = "gateways"


class Vocabulary(BaseModel):
    """The outcomes of a framework."""

    vocab_id: str
    languages: list[str]
    loaded: bool


class Project(BaseModel):
    """A framework as a project of Annif's."""

    project_id: str
    name: str
    language: str
    backend: Backend
    vocab: Vocabulary
    vocab_language: str
    is_trained: bool = Field(description="Whether it is in the index, so that it is suggested.")
    modification_time: str | None = None

    @classmethod
    def of(cls, framework: records.Framework, is_trained: bool) -> "Project":
        """A framework of the catalogue."""
        language = framework.language or NO_LANGUAGE
        return cls(
            project_id=framework.id,
            name=framework.title,
            language=language,
            backend=Backend(),
            vocab=Vocabulary(vocab_id=framework.id, languages=[language], loaded=is_trained),
            vocab_language=language,
            is_trained=is_trained,
        )


class ProjectList(BaseModel):
    """Every project."""

    projects: list[Project]


class SuggestForm(BaseModel):
    """A text for which subjects are wanted; fields it does not know (`metadata_…`) are ignored."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Adding fractions", "limit": 5}]}
    )

    text: Text
    limit: Limit = 10
    threshold: Threshold = 0.0
    language: Annotated[str | None, Field(description="Of the labels: that of the framework.")] = (
        None
    )


class Result(BaseModel):
    """An outcome as a subject."""

    uri: str = Field(description="The outcome's address here.")
    label: str
    notation: str | None
    score: float = Field(description="Calibrated probability that a curator would accept.")


class Results(BaseModel):
    """Subjects, best first."""

    results: list[Result]


class ResultsOfDocument(Results):
    """Subjects of one document of a batch."""

    document_id: str | None


class Document(BaseModel):
    """A text of a batch."""

    text: Text
    document_id: str | None = None
    metadata: dict[str, str] = {}


class DocumentBatch(BaseModel):
    """Up to 32 texts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"documents": [{"text": "Adding fractions", "document_id": "1"}]}]
        }
    )

    documents: list[Document] = Field(max_length=MOST_DOCUMENTS)


class Subject(BaseModel):
    """An outcome that a person found for a text; its uri counts, its label does not."""

    uri: Text = Field(min_length=1)
    label: str | None = None


class IndexedDocument(BaseModel):
    """A text with its subjects."""

    text: Text = Field(min_length=1, pattern=r"\S")
    subjects: list[Subject] = []
    metadata: dict[str, str] = {}


class IndexedDocuments(RootModel[list[IndexedDocument]]):
    """Texts with their subjects."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                [
                    {
                        "text": "Two quarters are one half.",
                        "subjects": [{"uri": "saltmere-equivalent-fractions"}],
                    }
                ]
            ]
        }
    )
