"""The backends of one encoder side by side: how fast, how near to torch, and what that loses.

Each backend has a process of its own, and they take turns with the same texts, so that whatever
else the machine does meets them alike.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from data.errors import GatewaysError
from data.progress import Progress
from data.settings import Settings
from data.workspace import Workspace
from evaluation.alignment.protocol import Task
from evaluation.encoder.process import Embedded, EncoderProcess
from models.backends.conversion import Conversion
from models.backends.names import ONNX, OPENVINO, TORCH
from models.encoder import Matrix
from models.encoders.loading import conversion_named
from models.snapshots.indexing import outcome_entries
from models.text import outcome_text, resource_text

BACKENDS: Final = (TORCH, ONNX, OPENVINO)
SLICE: Final = 128
SINGLES: Final = 60
DEPTH: Final = 10

Gold = Mapping[str, frozenset[str]]
Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Questions:
    """Texts of all outcomes and of some resources, and which outcomes each of those teaches."""

    outcomes: Sequence[str]
    candidates: Sequence[str]
    queries: Sequence[str]
    gold: Sequence[frozenset[str]]


@dataclass(slots=True)
class Measured:
    """What one backend did. Sizes in MB; `seconds` of single texts, each asked for alone."""

    backend: str
    opening: float = 0.0
    memory: float = 0.0
    conversion: Conversion | None = None
    parts: list[Embedded] = field(default_factory=list)
    singles: list[float] = field(default_factory=list)

    @property
    def vectors(self) -> Matrix:
        """Of all texts, outcomes first."""
        return np.concatenate([part.vectors for part in self.parts])

    @property
    def texts_per_second(self) -> float:
        """By the clock."""
        return len(self.vectors) / sum(part.seconds for part in self.parts)

    @property
    def core_milliseconds(self) -> float:
        """What a text takes of all cores together; other programs hardly change it."""
        return 1000 * sum(part.cores for part in self.parts) / len(self.vectors)


def ask(task: Task, gold: Gold, most: int) -> Questions:
    """All outcomes, and up to `most` resources by lot, always the same."""
    entries = outcome_entries(task.outcomes)
    asked = [query for query in task.queries if query.id in gold]
    drawn = np.random.default_rng(0).permutation(len(asked))[:most]
    queries = [asked[place] for place in sorted(drawn)]
    return Questions(
        outcomes=[outcome_text(entry.outcome, entry.path) for entry in entries],
        candidates=[entry.outcome.id for entry in entries],
        queries=[resource_text(query) for query in queries],
        gold=[gold[query.id] for query in queries],
    )


def measure(
    name: str, questions: Questions, settings: Settings, progress: Progress
) -> tuple[list[Measured], list[str]]:
    """Each backend's figures, torch's first, and why others have none."""
    models = Workspace(settings.home).models
    texts = [*questions.outcomes, *questions.queries]
    found, refusals = [Measured(TORCH)], []
    for backend in BACKENDS[1:]:
        try:
            found.append(Measured(backend, conversion=conversion_named(name, models, backend)))
        except GatewaysError as error:
            refusals.append(str(error))
    total = (len(texts) + min(SINGLES, len(questions.queries))) * len(found)
    with ExitStack() as stack, progress("Embedding", total) as advance:
        processes = [stack.enter_context(EncoderProcess()) for _ in found]
        for one, process in zip(found, processes, strict=True):
            one.opening = process.open(name, models, settings.threads, one.backend)
        for start in range(0, len(texts), SLICE):
            for one, process in zip(found, processes, strict=True):
                one.parts.append(process.embed(texts[start : start + SLICE]))
                advance(len(one.parts[-1].vectors))
        for text in questions.queries[:SINGLES]:
            for one, process in zip(found, processes, strict=True):
                one.singles.append(process.embed([text]).seconds)
                advance(1)
        for one, process in zip(found, processes, strict=True):
            one.memory = process.memory()
    return found, refusals


def recall(vectors: Matrix, questions: Questions) -> float:
    """Recall@10 of the vectors alone, mean over queries."""
    outcomes, queries = np.split(vectors, [len(questions.outcomes)])
    best = np.argsort(-(queries @ outcomes.T), axis=1, kind="stable")[:, :DEPTH]
    shares = [
        len({questions.candidates[place] for place in places} & gold) / len(gold)
        for places, gold in zip(best, questions.gold, strict=True)
    ]
    return float(np.mean(shares))


def figures(
    found: Sequence[Measured], questions: Questions, folder: Path
) -> list[dict[str, object]]:
    """A row for each backend, beside the first; `folder` holds the model as torch has it."""
    first = found[0]
    reached = recall(first.vectors, questions)
    rows: list[dict[str, object]] = []
    for one in found:
        cosines = np.sum(first.vectors * one.vectors, axis=1)
        kept = recall(one.vectors, questions)
        where = one.conversion.folder if one.conversion else folder
        rows.append(
            {
                "backend": one.backend,
                "texts_per_second": round(one.texts_per_second, 1),
                "times_torch": round(one.texts_per_second / first.texts_per_second, 2),
                "core_ms_per_text": round(one.core_milliseconds, 2),
                "query_p50_ms": round(1000 * float(np.percentile(one.singles, 50)), 2),
                "query_p95_ms": round(1000 * float(np.percentile(one.singles, 95)), 2),
                "cosine_mean": round(float(cosines.mean()), 5),
                "cosine_lowest": round(float(cosines.min()), 5),
                "recall_at_10": round(kept, 4),
                "recall_lost": round(reached - kept, 4),
                "conversion_s": one.conversion.seconds if one.conversion else 0.0,
                "opening_s": round(one.opening, 2),
                "memory_mb": round(one.memory),
                "disk_mb": round(
                    sum(f.stat().st_size for f in where.rglob("*") if f.is_file()) / 1e6
                ),
            }
        )
    return rows
