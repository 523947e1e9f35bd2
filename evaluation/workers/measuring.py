"""What workers are worth: texts a second beside one process, and what it takes to start them."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.encoder import Encoder, Matrix, Progress
from models.encoders.vector_cache import ENCODE_SLICE
from models.workers.spread import Spread, here

Parts = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Texts a second of one process and of the workers once they run; `start` in seconds.

    `travel` is texts a second that come and go when nothing is done with them: the most that one
    machine can feed to workers. `apart` is how far a number of a vector is from one process's.
    """

    texts: int
    alone: float
    together: float
    start: float
    travel: float
    apart: float

    @property
    def pays_from(self) -> int | None:
        """From how many texts on the workers are done sooner; None when they never are."""
        if self.together <= self.alone:
            return None
        return round(self.start / (1 / self.alone - 1 / self.together))


def measure(encoder: Encoder, texts: Sequence[str], workers: Spread, count: int) -> Worth:
    """Have `texts` embedded here and by the `count` workers, in the slices that are kept at once.

    Both have their model when the clock of their pace starts; to load it is part of `start`.
    """
    ordered = sorted(texts, key=len, reverse=True)
    parts = [ordered[row : row + ENCODE_SLICE] for row in range(0, len(ordered), ENCODE_SLICE)]
    encoder.encode(texts[:1])
    vectors, ours = _timed(here(encoder.encode, parts))
    found, theirs = _timed(workers(encoder.encode, parts))
    # The first part of each worker waits for the model; the last ones, for who is not yet done.
    warm, last = theirs[count - 1], theirs[-1]
    together = sum(map(len, parts[count:])) / (last - warm)
    _, travelled = _timed(workers(_Nothing(encoder.dimension), parts))
    return Worth(
        texts=len(texts),
        alone=len(texts) / ours[-1],
        together=together,
        start=last - len(texts) / together,
        travel=sum(map(len, parts[1:])) / (travelled[-1] - travelled[0]),
        apart=max(float(np.abs(found[place] - own).max()) for place, own in vectors.items()),
    )


def _timed(done: Iterable[tuple[int, Matrix]]) -> tuple[dict[int, Matrix], list[float]]:
    """What was made of each part, and after how many seconds each arrived."""
    started = time.perf_counter()
    made, arrived = {}, []
    for place, vectors in done:
        made[place] = vectors
        arrived.append(time.perf_counter() - started)
    return made, arrived


class _Nothing:
    """Work that takes no time and returns as many numbers as an encoder."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension

    def __call__(self, part: Sequence[str], _: Progress | None = None) -> Matrix:
        return np.zeros((len(part), self._dimension), np.float32)
