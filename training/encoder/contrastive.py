"""Trains an encoder so that a resource is nearest to what it teaches.

InfoNCE both ways over a batch (van den Oord et al., Representation Learning with Contrastive
Predictive Coding, 2018). All outcomes' vectors are remembered as they were last embedded, to draw
batches of neighbours. Taken as negatives, too (Wang et al., Cross-Batch Memory, CVPR 2020), they
made it worse: most of a curriculum's near outcomes are half right.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from data.errors import GatewaysError
from models.encoder import Matrix, Progress
from models.encoders.sentence import CHARACTERS_PER_TOKEN
from models.text import outcome_text
from training.encoder.batches import Mask, draw_batch, nearest_to, not_negative, same_outcomes
from training.encoder.examples import Examples, outcome_view, resource_view
from training.encoder.hardware import has_half_precision

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

CHECKPOINT = "checkpoint.pt"
CHECKPOINT_STEPS = 25
MINING_STEPS = 50
# Texts of like length that go through the model together; one long text pads few others then. An
# accelerator is only busy with many.
CHUNK = 24
ACCELERATED_CHUNK = 256
# Of what a curator rejected for a resource so many outcomes join its batch as hard negatives.
REJECTED = 4
LEAST = -1e4
# The peak learning rate where whole layers change; low-rank weights, which begin at 0, take more.
UPPER_LAYERS_RATE = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to train: `rate` is the peak learning rate, `tokens` what is read of a text.

    `rank` is that of the low-rank weights. Of several `runs` from other seeds the mean is taken,
    which finds more, and loses less of other languages, than a run does. `share` is how much of
    what was learned is taken in the end: of one run all is best for texts of the same source,
    somewhat less for all others; the mean of several may be taken whole.
    """

    rate: float = 7e-4
    rank: int = 32
    epochs: float = 1.0
    batch: int = 48
    temperature: float = 0.02
    tokens: int = 96
    warmup: int = 20
    share: float = 0.75
    seed: int = 0
    runs: int = 1

    def steps(self, examples: Examples) -> int:
        """How many batches are trained on."""
        return max(1, round(self.epochs * len(examples) / self.batch))

    def rate_at(self, step: int, steps: int) -> float:
        """Learning rate: a linear start, then half a cosine down to a twentieth."""
        cosine = 0.5 * (1 + math.cos(math.pi * step / steps))
        return self.rate * min(1.0, (step + 1) / self.warmup) * max(0.05, cosine)


class Contrast:
    """One training run over a model, where that lies; `trained` are the parameters that change."""

    def __init__(
        self,
        model: "SentenceTransformer",
        trained: Sequence[nn.Parameter],
        examples: Examples,
        recipe: Recipe,
    ) -> None:
        self._model = model
        self._device = next(model.parameters()).device
        self._trained = list(trained)
        self._examples = examples
        self._recipe = recipe
        self._optimiser = torch.optim.AdamW(self._trained, lr=recipe.rate, weight_decay=0.01)
        self._texts = [outcome_text(found.outcome, found.path) for found in examples.entries]
        self._memory = torch.from_numpy(self.embed(self._texts))
        self._same = same_outcomes(self._memory.numpy())
        self._nearest = nearest_to(self._memory.numpy())
        self._step = 0
        self._first = 0.0
        self._best: tuple[float, list[Tensor]] = (-math.inf, [])

    @property
    def steps(self) -> int:
        """How many batches the run has."""
        return self._recipe.steps(self._examples)

    @property
    def step(self) -> int:
        """How many of them are done."""
        return self._step

    @property
    def first(self) -> float:
        """What it was judged before the first step, also by the run that was gone on with."""
        return self._first

    @property
    def memory(self) -> Matrix:
        """Each learned outcome's vector [n, d] as it was last embedded."""
        found: Matrix = self._memory.numpy()
        return found

    def run(
        self, judge: Callable[[], float], every: int, folder: Path, progress: Progress
    ) -> float:
        """Train to the end, and keep what `judge` finds best; its judgement comes back.

        It is asked before the first step, after `every` steps and at the end. What is done is kept
        in `folder` now and then.
        """
        self._model.eval()  # no dropout: one pass over few texts needs no more noise, and time
        if not self._best[1]:
            self._first = judge()
            self._keep_if_best(self._first)
        while self._step < self.steps:
            self._train_on_batch()
            progress(1)
            if self._step % every == 0 or self._step == self.steps:
                self._keep_if_best(judge())
            if self._step % CHECKPOINT_STEPS == 0 or self._step == self.steps:
                self.save(folder / CHECKPOINT)
        score, best = self._best
        with torch.no_grad():
            for parameter, value in zip(self._trained, best, strict=True):
                parameter.copy_(value)
        return score

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Vectors [n, d] of texts by the model as it is now."""
        with torch.inference_mode():
            vectors = self._encode(texts, self._model.max_seq_length or 512)
        found: Matrix = vectors.cpu().numpy()
        return found

    def save(self, path: Path) -> None:
        """Write all that the rest of the run depends on."""
        aside = path.with_suffix(".partial")
        torch.save(
            {
                "recipe": asdict(self._recipe),
                "words": self._examples.words.fingerprint,
                "step": self._step,
                "trained": [parameter.detach() for parameter in self._trained],
                "optimiser": self._optimiser.state_dict(),
                "memory": self._memory,
                "nearest": torch.from_numpy(self._nearest),
                "first": self._first,
                "best": self._best,
            },
            aside,
        )
        aside.replace(path)

    def resume(self, path: Path) -> None:
        """Go on from what `save` wrote. Raises GatewaysError if it is of another run."""
        kept = _read(path)
        begun = kept["recipe"], kept.get("words", ""), len(kept["memory"])
        if begun != (asdict(self._recipe), self._examples.words.fingerprint, len(self._memory)):
            raise GatewaysError(
                f"{path}: was begun with other options or data; delete it to begin anew"
            )
        with torch.no_grad():
            for parameter, value in zip(self._trained, kept["trained"], strict=True):
                parameter.copy_(value)
        self._optimiser.load_state_dict(kept["optimiser"])
        self._memory, self._nearest = kept["memory"], kept["nearest"].numpy()
        self._step, self._first, self._best = kept["step"], kept["first"], kept["best"]

    def _keep_if_best(self, score: float) -> None:
        if score > self._best[0]:
            self._best = score, [parameter.detach().clone() for parameter in self._trained]

    def _train_on_batch(self) -> None:
        # Of a step's own, so that a run that was resumed draws what it would have drawn.
        generator = np.random.default_rng((self._recipe.seed, self._step))
        for group in self._optimiser.param_groups:
            group["lr"] = self._recipe.rate_at(self._step, self.steps)
        places = draw_batch(self._examples, self._nearest, self._recipe.batch, generator)
        resources = [
            self._examples.resources[place][
                int(generator.integers(len(self._examples.resources[place])))
            ]
            for place in places
        ]
        words = self._examples.words
        texts = [resource_view(found, generator, words) for found in resources]
        texts += [
            outcome_view(
                self._examples.entries[place], generator, self._examples.translations[place], words
            )
            for place in places
        ]
        ids = [found.id for found in resources]
        refused = [
            (row, entry)
            for row, id_ in enumerate(ids)
            for entry in self._examples.rejected.get(id_, ())[:REJECTED]
        ]
        texts += [outcome_view(entry, generator) for _, entry in refused]
        vectors = self._encode(texts, self._recipe.tokens)
        size = len(places)
        asked, right, wrong = vectors[:size], vectors[size : 2 * size], vectors[2 * size :]
        mask = not_negative(self._examples, ids, self._same)
        loss = self._loss(asked, right, mask[:, places], wrong, [row for row, _ in refused])
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._trained, 1.0)
        self._optimiser.step()
        self._memory[places] = right.detach().cpu()
        self._step += 1
        if self._step % MINING_STEPS == 0:
            self._nearest = nearest_to(self._memory.numpy())

    def _loss(
        self, asked: Tensor, right: Tensor, mask: Mask, wrong: Tensor, refused: Sequence[int]
    ) -> Tensor:
        """InfoNCE of resources [b, d] over outcomes [b, d] and back; `mask` [b, b] is left out.

        Outcomes that were rejected, `wrong` [r, d], count for the resources `refused` [r] alone.
        """
        left_out = torch.from_numpy(mask).to(self._device)
        left_out.fill_diagonal_(False)
        logits = (asked @ right.T / self._recipe.temperature).masked_fill(left_out, LEAST)
        targets = torch.arange(len(asked), device=self._device)
        own = torch.zeros(len(asked), len(wrong), dtype=torch.bool, device=self._device)
        own[refused, torch.arange(len(wrong))] = True
        against = (asked @ wrong.T / self._recipe.temperature).masked_fill(~own, LEAST)
        forth = nn.functional.cross_entropy(torch.cat([logits, against], dim=1), targets)
        return (forth + nn.functional.cross_entropy(logits.T, targets)) / 2

    def _encode(self, texts: Sequence[str], tokens: int) -> Tensor:
        """Unit vectors [n, d] of texts, with gradients where they are wanted."""
        prefix = self._model.prompts.get(self._model.default_prompt_name or "") or ""
        tokenise = self._model.tokenizer
        most = min(tokens, self._model.max_seq_length or tokens)
        read = [prefix + text[: most * CHARACTERS_PER_TOKEN] for text in texts]
        ids = tokenise(read, truncation=True, max_length=most)
        lengths = [len(found) for found in ids["input_ids"]]
        order = np.argsort(lengths, kind="stable")
        chunk = CHUNK if self._device.type == "cpu" else ACCELERATED_CHUNK
        half = has_half_precision(self._device)
        parts = []
        for start in range(0, len(order), chunk):
            rows = order[start : start + chunk]
            padded = tokenise.pad(
                {name: [values[row] for row in rows] for name, values in ids.items()},
                return_tensors="pt",
            ).to(self._device)
            with torch.autocast(self._device.type, torch.bfloat16, enabled=half):
                parts.append(self._model(dict(padded))["sentence_embedding"].float())
        back = torch.from_numpy(np.argsort(order)).to(self._device)
        return nn.functional.normalize(torch.cat(parts)[back], dim=-1)


def _read(path: Path) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, UnpicklingError):
        raise GatewaysError(
            f"{path}: is damaged and cannot be gone on with; delete it to begin anew"
        ) from None
    return kept
