"""A dataset's task → an aligner over its outcomes, without a workspace having to be there."""

from dataclasses import replace

from data.progress import Progress
from data.settings import Settings
from evaluation.alignment.protocol import Task
from evaluation.alignment.road import Road
from models.alignment.aligner import Aligner
from models.ranking.second_stage import second_stage_for
from models.snapshots.indexing import build
from models.snapshots.open import open_encoder


def task_aligner(
    task: Task, settings: Settings, progress: Progress, by: Road = Road.BOTH
) -> Aligner:
    """Index the task's candidates and, for a ranker, the resources that can be neighbours.

    Embedded texts are kept in the workspace's cache.
    """
    encoder = open_encoder(settings)
    stage = second_stage_for(encoder.name)
    known = task.catalogue if by.ranked and stage.ranker else ()
    total = sum(outcome.assignable for outcome in task.outcomes) + len(known)
    with progress("Embedding", total) as bar:
        snapshot = build(task.outcomes, known, encoder, confidence=stage.confidence, progress=bar)
    if by.ranked:
        snapshot = replace(snapshot, ranker=stage.ranker, accepted=task.accepted)
    return Aligner(snapshot, encoder, by.words_weight)
