"""A batch of queries → an answer each, by the aligner at hand or by copies of it on workers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from data.progress import Advance, Progress
from data.settings import Settings
from data.workspace import Workspace
from models.alignment.aligner import Aligner
from models.encoder import Encoder, Matrix
from models.snapshots.snapshot import load_snapshot, publish
from models.suggestion import Answer, Query
from models.workers.opening import open_workers
from models.workers.spread import Spread, Work, here, in_order

SLICE: Final = 64
"""Queries that are ranked at a time."""

Asked: TypeAlias = tuple[Query, Matrix]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRanking:
    """How a batch is ranked.

    Workers read the aligner's snapshot from a folder that lies below `aside` as long as they need
    it; without one it is done in this process.
    """

    spread: Spread = here
    aside: Path | None = None
    progress: Progress = lambda *_: nullcontext(lambda _: None)

    def answers(self, aligner: Aligner, queries: Sequence[Query], k: int) -> Iterator[Answer]:
        """The `k` best outcomes for each query, in order, without reasons."""
        with self.progress("Embedding", len(queries)) as bar:
            asked = list(zip(queries, aligner.encode(queries, bar), strict=True))
        parts = [asked[start : start + SLICE] for start in range(0, len(asked), SLICE)]
        with self.progress("Aligning", len(queries)) as bar, self._work(aligner, k) as work:
            yield from chain.from_iterable(in_order(self.spread(work, parts, bar)))

    @contextmanager
    def _work(self, aligner: Aligner, k: int) -> Iterator[Work[Asked, list[Answer]]]:
        if self.aside is None:
            yield AtHand(aligner, k)
            return
        self.aside.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.aside) as folder:
            snapshot = publish(aligner.snapshot, Path(folder).resolve())
            yield Published(snapshot, aligner.encoder, aligner.words_weight, k)


def open_ranking(settings: Settings, progress: Progress) -> BatchRanking:
    """Ranking in this process, or on the workers that the settings ask for."""
    spread = open_workers(settings)
    aside = None if spread is here else Workspace(settings.home).aligning
    return BatchRanking(spread=spread, aside=aside, progress=progress)


class AtHand:
    """Work: ranks with an aligner of this process."""

    def __init__(self, aligner: Aligner, k: int) -> None:
        self._aligner = aligner
        self._k = k

    def __call__(self, part: Sequence[Asked], progress: Advance | None = None) -> list[Answer]:
        """The answers of a part's queries."""
        answers: list[Answer] = []
        for query, vector in part:
            answers.append(self._aligner.rank(query, vector, k=self._k, explain=False))
            if progress is not None:
                progress(1)
        return answers


class Published:
    """Work: ranks with an aligner over a folder's snapshot, which is read at the first part."""

    def __init__(self, folder: Path, encoder: Encoder, words_weight: float, k: int) -> None:
        self._folder = folder
        self._encoder = encoder
        self._words_weight = words_weight
        self._k = k

    def __call__(self, part: Sequence[Asked], progress: Advance | None = None) -> list[Answer]:
        """The answers of a part's queries. Raises what `load_snapshot` does."""
        return self._at_hand(part, progress)

    @cached_property
    def _at_hand(self) -> AtHand:
        snapshot = load_snapshot(self._folder, self._encoder)
        return AtHand(Aligner(snapshot, self._encoder, self._words_weight), self._k)
