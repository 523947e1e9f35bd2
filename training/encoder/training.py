"""Labelled resources → an encoder's weights: low-rank ones on top, or its upper layers anew.

What is written is the mean of some runs that begin from other seeds (Wortsman et al., Model Soups,
ICML 2022), and lies on the line between the weights before and after, which keeps what the encoder
knew of other languages and other texts (Wortsman et al., Robust Fine-tuning of Zero-shot Models,
CVPR 2022).
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from data.progress import Progress
from models.backends.low_rank import save_low_rank
from models.backends.model_folder import load_model
from models.bundles.bundle import ENCODER, LOW_RANK
from training.encoder.contrastive import Recipe
from training.encoder.run import Weights, train_once
from training.labelled import Lessons

RUNS = "runs"
"""Folder of the runs' checkpoints in that of what is trained."""


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

    How the runs were judged comes back, in the mean. With `resume` it goes on where it was ended
    earlier in that folder; the checkpoints for that stay there.
    """
    mean: dict[str, Tensor] = {}
    first = best = 0.0
    for number in range(recipe.runs):
        run = train_once(
            lessons,
            base,
            out / RUNS / str(number),
            replace(recipe, seed=recipe.seed + number),
            weights,
            resume=resume,
            progress=progress,
        )
        for name, change in run.changes.items():
            part = change * (recipe.share / recipe.runs)
            mean[name] = mean[name] + part if name in mean else part
        first, best = first + run.first / recipe.runs, best + run.best / recipe.runs
    if weights is Weights.LOW_RANK:
        save_low_rank(mean, recipe.rank, out / LOW_RANK)
    else:
        model = load_model(base)
        parameters = dict(model.named_parameters())
        with torch.no_grad():
            for name, change in mean.items():
                parameters[name].add_(change.to(parameters[name].device))
        model.save(str(out / ENCODER))
    return {"dev_mrr_before": first, "dev_mrr": best}
