"""A dataset's task → an aligner over its outcomes, without a workspace having to be there."""

from data.records import Outcome, Resource
from data.settings import Settings
from data.workspace import Workspace
from evaluation.alignment import Task
from models.aligner import Aligner
from models.confidence import confidence_for
from models.encoder import Progress
from models.indexing import build
from models.open import open_encoder


def task_aligner(
    task: Task,
    settings: Settings,
    *,
    words_weight: float | None = None,
    progress: Progress | None = None,
) -> Aligner:
    """Index the task's candidates; embedded texts are kept in the workspace's cache."""
    records: list[Outcome | Resource] = [*task.outcomes, *task.queries]
    encoder = open_encoder(settings, {record.language for record in records if record.language})
    confidence = confidence_for(encoder, Workspace(settings.home).models)
    snapshot = build(task.outcomes, [], encoder, confidence=confidence, progress=progress)
    return Aligner(snapshot, encoder, words_weight)
