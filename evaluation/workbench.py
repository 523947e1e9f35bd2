"""A dataset's task → an aligner over its outcomes, without a workspace having to be there."""

from data.settings import Settings
from data.workspace import Workspace
from evaluation.alignment import Task
from models.aligner import Aligner
from models.confidence import confidence_for
from models.encoder import Progress
from models.fusion import WORDS_WEIGHT
from models.indexing import build
from models.open import open_encoder


def task_aligner(
    task: Task,
    settings: Settings,
    *,
    words_weight: float = WORDS_WEIGHT,
    progress: Progress | None = None,
) -> Aligner:
    """Index the task's candidates; embedded texts are kept in the workspace's cache."""
    encoder = open_encoder(settings)
    confidence = confidence_for(encoder, Workspace(settings.home).models)
    snapshot = build(task.outcomes, [], encoder, confidence=confidence, progress=progress)
    return Aligner(snapshot, encoder, words_weight)
