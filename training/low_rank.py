"""Labelled resources → low-rank weights for an encoder."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.progress import Progress
from evaluation.metrics import ranking
from models.bundle import LOW_RANK
from models.indexing import outcome_entries
from models.low_rank import add_low_rank, save_low_rank
from models.model_folder import load_model
from models.snapshot import Entry
from models.text import outcome_text, resource_text
from training.contrastive import CHECKPOINT, Contrast, Recipe
from training.examples import examples_of
from training.labelled import Labelled, Lessons

# How often a run is judged, and by how many resources.
JUDGEMENTS = 6
JUDGED_BY = 300


def train_low_rank(
    lessons: Lessons,
    base: Path,
    out: Path,
    recipe: Recipe,
    *,
    resume: bool = False,
    progress: Progress,
) -> Mapping[str, float]:
    """Write low-rank weights for the encoder in `base` into the folder `out`.

    How they were judged comes back. With `resume` it goes on where an earlier run in that folder
    was ended.
    """
    entries = outcome_entries(lessons.outcomes)
    model = load_model(base)
    # Its backward pass over short texts is the fastest on a processor.
    transformer: Any = model[0]
    transformer.auto_model.set_attn_implementation("eager")
    trained = add_low_rank(model, recipe.rank)
    examples = examples_of(entries, lessons.learn.resources, lessons.learn.gold)
    contrast = Contrast(model, trained, examples, recipe)
    if resume and (out / CHECKPOINT).is_file():
        contrast.resume(out / CHECKPOINT)
    judge = Judge(contrast, entries, lessons.judge, recipe.seed)
    every = max(1, contrast.steps // JUDGEMENTS)
    with progress("Training", contrast.steps) as advance:
        advance(contrast.step)
        best = contrast.run(judge, every, out, advance)
    save_low_rank(model, out / LOW_RANK)
    (out / CHECKPOINT).unlink(missing_ok=True)
    return {"dev_mrr_before": judge.first, "dev_mrr": best}


class Judge:
    """Tells how well outcomes that nothing was learned of are found among all that were."""

    def __init__(
        self, contrast: Contrast, entries: Sequence[Entry], labelled: Labelled, seed: int
    ) -> None:
        self._contrast = contrast
        wanted = frozenset[str]().union(*labelled.gold.values())
        self._unseen = [entry for entry in entries if entry.outcome.id in wanted]
        order = np.random.default_rng(seed).permutation(len(labelled.resources))
        self._asked = [labelled.resources[place] for place in order[:JUDGED_BY]]
        self._gold = {resource.id: labelled.gold[resource.id] for resource in self._asked}
        self.first = 0.0

    def __call__(self) -> float:
        """Mean reciprocal rank of the right outcomes."""
        texts = [outcome_text(entry.outcome, entry.path) for entry in self._unseen]
        texts += [resource_text(resource) for resource in self._asked]
        vectors = self._contrast.embed(texts)
        unseen, asked = vectors[: len(self._unseen)], vectors[len(self._unseen) :]
        ids = [entry.outcome.id for entry in self._unseen]
        ids += [f"learned {number}" for number in range(len(self._contrast.memory))]
        similarities = asked @ np.concatenate([unseen, self._contrast.memory]).T
        ranked = {
            resource.id: [ids[place] for place in np.argsort(-row)]
            for resource, row in zip(self._asked, similarities, strict=True)
        }
        found = float(ranking(ranked, self._gold)["mrr"].mean())
        if self._contrast.step == 0:
            self.first = found
        return found
