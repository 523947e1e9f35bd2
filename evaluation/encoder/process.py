"""An encoder in a process of its own, so that its time and memory are those of nobody else."""

import resource
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self

from evaluation.measures.resident import resident
from models.encoder import Encoder, Matrix

_opened: list[Encoder] = []  # the process's own


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors [n, d], and the seconds that they took: by the clock, and of all cores together."""

    vectors: Matrix
    seconds: float
    cores: float


class EncoderProcess:
    """A process that opens an encoder and embeds what it is given."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, get_context("spawn"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def open(self, name: str, models: Path, threads: int, backend: str) -> float:
        """Load the encoder, with a first text; seconds. Raises what `load_encoder` does."""
        return self._pool.submit(_open, name, models, threads, backend).result()

    def embed(self, texts: Sequence[str]) -> Embedded:
        """Embed texts."""
        return self._pool.submit(_embed, list(texts)).result()

    def memory(self) -> float:
        """The most that the process has had in memory so far, in MB."""
        return self._pool.submit(_memory).result()


def _open(name: str, models: Path, threads: int, backend: str) -> float:
    started = time.perf_counter()
    from models.encoders.loading import load_encoder

    encoder = load_encoder(name, models, threads, None, backend)
    encoder.encode(["The first text takes longer."])
    _opened.append(encoder)
    return time.perf_counter() - started


def _embed(texts: list[str]) -> Embedded:
    started, busy = time.perf_counter(), time.process_time()
    vectors = _opened[-1].encode(texts)
    return Embedded(vectors, time.perf_counter() - started, time.process_time() - busy)


def _memory() -> float:
    # Linux counts a parent's memory into its child's `ru_maxrss`.
    if (most := resident().get("VmHWM")) is not None:
        return most / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
