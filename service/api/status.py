"""What the service was made of: its frameworks, index and model, and what is newer than these."""

from fastapi import APIRouter
from pydantic import BaseModel

from models.status import status_of
from service.parts import Here

router = APIRouter(prefix="/v1/status", tags=["operation"])


class NewerEdition(BaseModel):
    """`newer` is a newer edition of `framework`, as its successors tell."""

    framework: str
    newer: str


class FrameworkStatus(BaseModel):
    """A framework, and those that are newer editions of it."""

    id: str
    title: str
    language: str | None
    newer_editions: list[str]


class IndexStatus(BaseModel):
    """The index, and newer editions that it was made without."""

    id: str
    created: str
    encoder: str
    backend: str
    model: str
    outcomes: int
    resources: int
    up_to_date: bool
    newer_editions: list[NewerEdition]


class ModelStatus(BaseModel):
    """What judges suggestions, and newer editions of what it learned from."""

    bundle: str
    trained_on: str
    newer_editions: list[NewerEdition]


class Status(BaseModel):
    """What is in the catalogue, and how far index and model follow it."""

    catalogue: dict[str, int]
    frameworks: list[FrameworkStatus]
    index: IndexStatus | None
    model: ModelStatus | None


@router.get("")
def report_status(parts: Here) -> Status:
    """Counts, frameworks, and whether index and model were made for the newest editions."""
    return Status.model_validate(status_of(parts.settings, parts.catalogue))
