"""Protocol: a long list in parts → what some work makes of each, here or on workers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from models.encoder import Progress

T = TypeVar("T")
R = TypeVar("R")
T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


class Work(Protocol[T_contra, R_co]):
    """What is done with a part, such as an encoder's `encode`; to go elsewhere it is pickled."""

    def __call__(self, part: Sequence[T_contra], progress: Progress | None, /) -> R_co:
        """Make something of a part; `progress` is told how many of its items are done."""
        ...


class Spread(Protocol):
    """A way to have work done."""

    def __call__(
        self, work: Work[T, R], parts: Sequence[Sequence[T]], progress: Progress | None = None
    ) -> Iterator[tuple[int, R]]:
        """Yield the place of each part and what `work` made of it, as it is done, in any order."""
        ...


def here(
    work: Work[T, R], parts: Sequence[Sequence[T]], progress: Progress | None = None
) -> Iterator[tuple[int, R]]:
    """Do the work in this process, one part after the other."""
    for place, part in enumerate(parts):
        yield place, work(part, progress)


def in_order(done: Iterable[tuple[int, R]]) -> Iterator[R]:
    """What was made of the parts, in their order; what comes early waits."""
    early: dict[int, R] = {}
    turn = 0
    for place, made in done:
        early[place] = made
        while turn in early:
            yield early.pop(turn)
            turn += 1
