"""Labelled resources → a map of an encoder's vectors: seconds, once the vectors are there.

InfoNCE over all outcomes as candidates, from the identity, with weight decay towards it.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import nn

from data.progress import Progress
from evaluation.alignment.protocol import DEPTH
from models.bundles.bundle import ADAPTER
from models.encoder import Encoder, Matrix
from models.encoders.adapted import adapted, write_adapter
from models.snapshots.indexing import outcome_entries
from models.text import outcome_text, resource_text
from training.encoder.batches import same_outcomes
from training.encoder.contrastive import LEAST
from training.encoder.judging import reciprocal_rank
from training.labelled import Labelled, Lessons

ROUNDS = 40
BATCH = 256
RATE = 3e-4
# How strongly the map is held to the identity.
HOLD = 1e-2
TEMPERATURE = 0.05


def train_adapter(
    lessons: Lessons, encoder: Encoder, out: Path, seed: int, progress: Progress
) -> Mapping[str, float]:
    """Write the map that is judged best into the folder `out`; how it was judged comes back."""
    entries = outcome_entries(lessons.outcomes)
    place = {entry.outcome.id: number for number, entry in enumerate(entries)}
    texts = [outcome_text(entry.outcome, entry.path) for entry in entries]
    parts = (lessons.learn, lessons.judge)
    total = len(texts) + sum(len(part.resources) for part in parts)
    with progress("Embedding", total) as advance:
        outcomes = encoder.encode(texts, advance)
        learn, judge = (
            encoder.encode([resource_text(found) for found in part.resources], advance)
            for part in parts
        )
    ids = list(place)

    def judged(matrix: Matrix) -> float:
        similarities = adapted(judge, matrix) @ adapted(outcomes, matrix).T
        return reciprocal_rank(lessons.judge, similarities, ids, DEPTH)

    best = np.eye(outcomes.shape[1], dtype=np.float32)
    first = highest = judged(best)
    relevant = _relevant(lessons.learn, place, outcomes)
    generator = torch.Generator().manual_seed(seed)
    training = _Training(learn, outcomes, relevant)
    with progress("Training", ROUNDS) as advance:
        for _ in range(ROUNDS):
            training.round(generator)
            advance(1)
            if (score := judged(training.matrix)) > highest:
                highest, best = score, training.matrix
    write_adapter(out / ADAPTER, best)
    return {"dev_mrr_before": first, "dev_mrr": highest}


def _relevant(
    labelled: Labelled, place: Mapping[str, int], outcomes: Matrix
) -> list[tuple[list[int], list[int]]]:
    """For each resource the places of its outcomes, and of those that say the same as one."""
    same = same_outcomes(outcomes)
    own = [
        [place[found] for found in sorted(labelled.gold[resource.id]) if found in place]
        for resource in labelled.resources
    ]
    return [(places, np.flatnonzero(same[places].any(axis=0)).tolist()) for places in own]


class _Training:
    """One run over frozen vectors: `learn` [n, d] are near `outcomes` [m, d] that are relevant."""

    def __init__(
        self, learn: Matrix, outcomes: Matrix, relevant: list[tuple[list[int], list[int]]]
    ) -> None:
        self._learn, self._outcomes = torch.from_numpy(learn), torch.from_numpy(outcomes)
        self._rows = [row for row, (own, _) in enumerate(relevant) if own]
        self._relevant = relevant
        self._map = nn.Parameter(torch.eye(outcomes.shape[1]))
        self._identity = torch.eye(outcomes.shape[1])
        self._optimiser = torch.optim.Adam([self._map], lr=RATE)

    @property
    def matrix(self) -> Matrix:
        """The map as it is now [d, d]."""
        found: Matrix = self._map.detach().numpy().copy()
        return found

    def round(self, generator: torch.Generator) -> None:
        """Learn once from every resource."""
        order = torch.randperm(len(self._rows), generator=generator).tolist()
        for start in range(0, len(order), BATCH):
            self._batch([self._rows[place] for place in order[start : start + BATCH]])

    def _batch(self, rows: list[int]) -> None:
        asked = nn.functional.normalize(self._learn[rows] @ self._map.T, dim=-1)
        outcomes = nn.functional.normalize(self._outcomes @ self._map.T, dim=-1)
        logits = asked @ outcomes.T / TEMPERATURE
        targets = torch.tensor([self._relevant[row][0][0] for row in rows])
        for line, row in enumerate(rows):
            others = [found for found in self._relevant[row][1] if found != int(targets[line])]
            logits[line, others] = LEAST
        loss = nn.functional.cross_entropy(logits, targets)
        loss = loss + HOLD * (self._map - self._identity).square().sum()
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
