"""What the service was made of: its frameworks, index and model, and what is newer than these."""

from fastapi import APIRouter
from pydantic import BaseModel

from data.catalogue.servers import State
from models.snapshots.status import status_of
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


class WantedIndex(BaseModel):
    """The index that every process is to serve, where it was made, and since when (Unix s)."""

    index: str
    host: str
    since: float


class ServerStatus(BaseModel):
    """A process that serves: what it says of itself, and how it stands to the wanted index.

    `why` says why it does not serve that one; `seen` is when it last said anything (Unix s).
    """

    id: str
    host: str
    port: int
    index: str | None
    model: str | None
    why: str | None
    seen: float
    state: State


class Status(BaseModel):
    """What is in the catalogue, how far index and model follow it, and which processes serve."""

    catalogue: dict[str, int]
    frameworks: list[FrameworkStatus]
    index: IndexStatus | None
    model: ModelStatus | None
    wanted_index: WantedIndex | None
    servers: list[ServerStatus]


@router.get("")
def report_status(parts: Here) -> Status:
    """Counts, frameworks, and whether index and model were made for the newest editions."""
    return Status.model_validate(status_of(parts.settings, parts.catalogue))
