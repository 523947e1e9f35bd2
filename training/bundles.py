"""A dataset → a bundle: learn, judge, calibrate, and seal with a card. No arithmetic of its own."""

import logging
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from data.errors import GatewaysError
from data.formats.protocol import Document
from data.progress import Progress
from data.settings import Settings
from data.workspace import Workspace
from models.aligner import Aligner
from models.bundle import CONFIDENCE, LOW_RANK, Bundle, write_manifest
from models.confidence import Confidence, confidence_for
from models.encoder import Encoder
from models.encoders import encoder_folder
from models.indexing import build
from models.sentence_encoder import SentenceEncoder
from models.vector_cache import CachedEncoder
from training.card import write_card
from training.confidence import FEWEST, PARTS, SIZE, fit_confidence
from training.contrastive import Recipe
from training.labelled import Lessons, read_lessons
from training.low_rank import train_low_rank

# After training meaning says more: on Oak's dev split .1 was better than 0 and than .2.
WORDS_WEIGHT = 0.1

log = logging.getLogger(__name__)


def train_bundle(
    document: Document,
    settings: Settings,
    base: str,
    out: Path | None,
    recipe: Recipe,
    *,
    resume: bool,
    progress: Progress,
) -> Bundle:
    """Train low-rank weights for the encoder `base` on a dataset; what comes back is sealed.

    The folder `out` is by default one among the workspace's models. Raises GatewaysError when there
    is too little to learn from, and what `encoder_folder` raises.
    """
    workspace = Workspace(settings.home)
    lessons = read_lessons(document)
    out = out or workspace.models / f"{Path(base).name}-{lessons.dataset}"
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GatewaysError(f"{out}: cannot be made ({error.strerror})") from None
    folder = encoder_folder(base, workspace.models)
    figures = train_low_rank(lessons, folder, out, recipe, resume=resume, progress=progress)
    encoder = CachedEncoder(
        SentenceEncoder(out.name, folder, settings.threads, out / LOW_RANK), workspace.vectors
    )
    _fit_confidence(lessons, encoder, confidence_for(encoder, workspace.models), progress).write(
        out / CONFIDENCE
    )
    bundle = Bundle(
        folder=out,
        base=base,
        trained_on=lessons.dataset,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        recipe=asdict(recipe),
        figures={name: round(value, 4) for name, value in figures.items()},
    )
    write_card(bundle, document.dataset)
    return write_manifest(bundle)


def _fit_confidence(
    lessons: Lessons, encoder: Encoder, before: Confidence, progress: Progress
) -> Confidence:
    """Fit on what the weights were judged by, which they did not learn from.

    Where that is too little the confidence from before stays.
    """
    if len(lessons.judge.resources) < FEWEST:
        log.warning(
            "%s: %s held-out resources are too few to fit a confidence on, so that of %s is kept",
            lessons.dataset,
            len(lessons.judge.resources),
            before.encoder,
        )
        return before
    assignable = sum(outcome.assignable for outcome in lessons.outcomes)
    with progress("Embedding", assignable + PARTS * SIZE) as advance:
        snapshot = build(lessons.outcomes, [], encoder, confidence=before, progress=advance)
        return fit_confidence(
            Aligner(snapshot, encoder, WORDS_WEIGHT),
            lessons.judge.resources,
            lessons.judge.gold,
            fitted_on=f"{lessons.dataset} (held out)",
            progress=advance,
        )
