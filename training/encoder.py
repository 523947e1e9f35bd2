"""Labelled resources → an encoder's weights: low-rank ones on top, or its upper layers anew.

What is written lies on the line between the weights before and after, which keeps what the encoder
knew of other languages and other texts (Wortsman et al., Robust Fine-tuning of Zero-shot Models,
CVPR 2022).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from data.progress import Progress
from models.bundle import ENCODER, LOW_RANK
from models.entry import Entry
from models.indexing import outcome_entries
from models.low_rank import add_low_rank, save_low_rank, weaken
from models.model_folder import load_model
from models.text import outcome_text, resource_text
from training.contrastive import CHECKPOINT, Contrast, Recipe
from training.examples import examples_of
from training.judging import reciprocal_rank
from training.labelled import Labelled, Lessons

# How often a run is judged, and by how many resources.
JUDGEMENTS = 6
JUDGED_BY = 300


class Weights(StrEnum):
    """Which weights of an encoder are trained."""

    LOW_RANK = "low rank"
    UPPER_LAYERS = "upper layers"


def train_encoder(
    lessons: Lessons,
    base: Path,
    out: Path,
    recipe: Recipe,
    weights: Weights,
    *,
    resume: bool = False,
    progress: Progress,
) -> Mapping[str, float]:
    """Train `weights` of the encoder in `base` and write them into the folder `out`.

    How they were judged comes back. With `resume` it goes on where an earlier run in that folder
    was ended; the checkpoint for that stays there.
    """
    entries = outcome_entries(lessons.outcomes)
    torch.manual_seed(recipe.seed)  # low-rank weights begin at random
    model = load_model(base)
    # Its backward pass over short texts is the fastest on a processor.
    transformer: Any = model[0]
    transformer.auto_model.set_attn_implementation("eager")
    torch.manual_seed(recipe.seed)  # unseeded, each process would draw other low-rank weights
    is_low = weights is Weights.LOW_RANK
    trained = add_low_rank(model, recipe.rank) if is_low else upper_layers(model)
    before = [] if is_low else [parameter.detach().clone() for parameter in trained]
    examples = examples_of(entries, lessons.learn)
    contrast = Contrast(model, trained, examples, recipe)
    if resume and (out / CHECKPOINT).is_file():
        contrast.resume(out / CHECKPOINT)
    judge = Judge(contrast, entries, lessons.judge, recipe.seed)
    every = max(1, contrast.steps // JUDGEMENTS)
    with progress("Training", contrast.steps) as advance:
        advance(contrast.step)
        best = contrast.run(judge, every, out, advance)
    if is_low:
        weaken(model, recipe.share)
        save_low_rank(model, out / LOW_RANK)
    else:
        _draw_back(trained, before, recipe.share)
        transformer.auto_model.set_attn_implementation("sdpa")
        model.save(str(out / ENCODER))
    return {"dev_mrr_before": contrast.first, "dev_mrr": best}


def upper_layers(model: nn.Module) -> list[nn.Parameter]:
    """The parameters of a transformer's blocks but for the lowest third; all else is frozen.

    Words and the lower layers carry the languages that nothing is learned of here.
    """
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    stacks = [list(found) for found in model.modules() if isinstance(found, nn.ModuleList)]
    blocks = max(stacks, key=len)
    trained = [found for block in blocks[len(blocks) // 3 :] for found in block.parameters()]
    for parameter in trained:
        parameter.requires_grad_(True)
    return trained


def _draw_back(trained: Sequence[nn.Parameter], before: Sequence[Tensor], share: float) -> None:
    """Move parameters to where they have gone a `share` of the way from what they were before."""
    with torch.no_grad():
        for parameter, first in zip(trained, before, strict=True):
            parameter.copy_(first.lerp(parameter, share))


class Judge:
    """Tells how well outcomes that nothing was learned of are found among all that were."""

    def __init__(
        self, contrast: Contrast, entries: Sequence[Entry], labelled: Labelled, seed: int
    ) -> None:
        self._contrast = contrast
        wanted = frozenset[str]().union(*labelled.gold.values())
        self._unseen = [entry for entry in entries if entry.outcome.id in wanted]
        order = np.random.default_rng(seed).permutation(len(labelled.resources))
        asked = [labelled.resources[place] for place in order[:JUDGED_BY]]
        self._asked = replace(labelled, resources=asked)

    def __call__(self) -> float:
        """Mean reciprocal rank of the right outcomes."""
        texts = [outcome_text(entry.outcome, entry.path) for entry in self._unseen]
        texts += [resource_text(resource) for resource in self._asked.resources]
        vectors = self._contrast.embed(texts)
        unseen, asked = vectors[: len(self._unseen)], vectors[len(self._unseen) :]
        ids = [entry.outcome.id for entry in self._unseen]
        ids += [f"learned {number}" for number in range(len(self._contrast.memory))]
        similarities = asked @ np.concatenate([unseen, self._contrast.memory]).T
        return reciprocal_rank(self._asked, similarities, ids)
