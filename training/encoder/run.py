"""One training of an encoder's weights: what it changes, and how it was judged on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from data.progress import Progress
from models.backends.low_rank import add_low_rank, low_rank_changes
from models.backends.model_folder import load_model
from models.entry import Entry
from models.snapshots.indexing import outcome_entries
from models.text import outcome_text, resource_text
from training.encoder.contrastive import CHECKPOINT, Contrast, Recipe
from training.encoder.examples import examples_of
from training.encoder.hardware import training_device
from training.encoder.judging import reciprocal_rank
from training.labelled import Labelled, Lessons

# How often a run is judged, and by how many resources.
JUDGEMENTS = 6
JUDGED_BY = 300


class Weights(StrEnum):
    """Which weights of an encoder are trained."""

    LOW_RANK = "low rank"
    UPPER_LAYERS = "upper layers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was added to each of the model's weights, by name, and the judge before and after."""

    changes: Mapping[str, Tensor]
    first: float
    best: float


def train_once(
    lessons: Lessons,
    base: Path,
    folder: Path,
    recipe: Recipe,
    weights: Weights,
    *,
    resume: bool,
    progress: Progress,
) -> Run:
    """Train `weights` of the encoder in `base` by `recipe`; its checkpoint is in `folder`.

    With `resume` it goes on from there, and from the end of a run nothing is left to do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = outcome_entries(lessons.outcomes)
    model = load_model(base)
    device = training_device()
    if device.type == "cpu":  # there its backward pass over short texts is the fastest
        transformer: Any = model[0]
        transformer.auto_model.set_attn_implementation("eager")
    torch.manual_seed(recipe.seed)  # unseeded, each process would draw other low-rank weights
    is_low = weights is Weights.LOW_RANK
    trained = add_low_rank(model, recipe.rank) if is_low else upper_layers(model)
    model.to(device)
    before = {} if is_low else _copied(model, trained)
    examples = examples_of(entries, lessons.learn, lessons.equals(), lessons.words)
    contrast = Contrast(model, trained, examples, recipe)
    if resume and (folder / CHECKPOINT).is_file():
        contrast.resume(folder / CHECKPOINT)
    judge = Judge(contrast, entries, lessons.judge, recipe.seed)
    every = max(1, contrast.steps // JUDGEMENTS)
    with progress("Training", contrast.steps) as advance:
        advance(contrast.step)
        best = contrast.run(judge, every, folder, advance)
    if is_low:
        changes = low_rank_changes(model)
    else:
        after = dict(model.named_parameters())
        changes = {name: (after[name].detach() - first).cpu() for name, first in before.items()}
    return Run(changes=changes, first=contrast.first, best=best)


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


def _copied(model: nn.Module, trained: Sequence[nn.Parameter]) -> dict[str, Tensor]:
    wanted = set(map(id, trained))
    return {
        name: parameter.detach().clone()
        for name, parameter in model.named_parameters()
        if id(parameter) in wanted
    }


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
