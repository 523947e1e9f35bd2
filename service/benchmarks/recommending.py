"""How long a recommendation takes over a large catalogue, beside a search for candidates alone."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from data.catalogue import Catalogue
from data.formats.protocol import R, Row
from data.importing.importer import import_document
from data.progress import progress_bar
from data.records import (
    Alignment,
    Dataset,
    Event,
    Interaction,
    Outcome,
    Prerequisite,
    Record,
    Resource,
)
from data.settings import load_settings
from models.index import FlatIndex
from models.learner.situation import Asked
from service.engine.learning import Learning

LEARNER: Final = "l-benchmark"
OUTCOMES, LEVELS, DIMENSION, CANDIDATES = 2000, 10, 384, 100
WARM_UP: Final = 5
FIRST: Final = 1.7e9  # Unix seconds of the first interaction

Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Seconds [n]: a search for candidates by vector alone, a recommendation, an interaction.

    `recommended` is with the reading of what changed and the writing of the log; `updated` is what
    an interaction takes of a learner's state, `kept` that with the commit to the disk.
    """

    searched: Seconds
    recommended: Seconds
    updated: Seconds
    kept: Seconds

    @property
    def ratio(self) -> float:
        """How many times as long a recommendation takes as the search, at the 95th percentile."""
        return float(np.percentile(self.recommended, 95) / np.percentile(self.searched, 95))


@dataclass(frozen=True, slots=True)
class _Made:
    """A catalogue that is made up, with one learner who did much."""

    resources: int
    interactions: int

    @property
    def dataset(self) -> Dataset:
        return Dataset(name="benchmark", license="CC0-1.0")

    @property
    def kinds(self) -> frozenset[type[Record]]:
        return frozenset({Outcome, Resource, Alignment, Prerequisite, Interaction})

    def read(self, kind: type[R]) -> Iterator[Row[R]]:
        for line, record in enumerate(self._records(kind), start=1):
            if isinstance(record, kind):
                yield Row(record, "made up", line)

    def _records(self, kind: type[R]) -> Iterator[Record]:
        if kind is Outcome:
            for number in range(OUTCOMES):
                yield Outcome(
                    id=f"o{number}",
                    framework="benchmark",
                    title=f"Outcome {number}",
                    levels=(f"Year {1 + number * LEVELS // OUTCOMES}",),
                    language="en",
                    position=number,
                )
        elif kind is Resource:
            for number in range(self.resources):
                practice = number // OUTCOMES % 2
                yield Resource(
                    id=f"r{number}",
                    title=f"Resource {number}",
                    kind="exercise" if practice else "lesson",
                    language="en",
                )
        elif kind is Alignment:
            for number in range(self.resources):
                yield Alignment(resource=f"r{number}", outcome=f"o{number % OUTCOMES}")
        elif kind is Prerequisite:
            for number in range(3, OUTCOMES):
                yield Prerequisite(outcome=f"o{number}", requires=f"o{number - 3}")
        else:
            yield from (_did(number) for number in range(self.interactions))


def measure(resources: int, interactions: int, rounds: int) -> Taken:
    """Time search, recommendation and update in turns, on a catalogue in a folder of its own."""
    draw = np.random.default_rng(0)
    vectors = draw.standard_normal((resources, DIMENSION), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = FlatIndex([f"r{number}" for number in range(resources)], vectors)
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(home=Path(home))
        with Catalogue.open(settings.catalogue_url) as catalogue:
            import_document(catalogue, _Made(resources, interactions), progress=progress_bar)
            learning = Learning(settings, catalogue)
            teaching = learning.teaching()
            state = teaching.learner(catalogue, LEARNER)
            with progress_bar("Asking", rounds + WARM_UP) as progress:
                taken = []
                for number in range(rounds + WARM_UP):
                    query, did = vectors[number : number + 1], _did(interactions + number)
                    started = time.perf_counter()
                    state.did(did, teaching.tracer, teaching.aligned)
                    updated = time.perf_counter() - started
                    taken.append((updated, *_turn(index, query, learning, did)))
                    progress(1)
    updates, searches, recommendations, commits = np.array(taken[WARM_UP:]).T
    return Taken(searched=searches, recommended=recommendations, updated=updates, kept=commits)


def _turn(
    index: FlatIndex, query: npt.NDArray[np.float32], learning: Learning, did: Interaction
) -> tuple[float, float, float]:
    started = time.perf_counter()
    index.search(query, CANDIDATES)
    searched = time.perf_counter()
    learning.recommend(LEARNER, Asked(now=did.time, k=5))
    recommended = time.perf_counter()
    learning.take([(did.item, did)])
    kept = time.perf_counter()
    return searched - started, recommended - searched, kept - recommended


def _did(number: int) -> Interaction:
    """One of many answers, most right, that move up through the curriculum."""
    return Interaction(
        learner=LEARNER,
        resource=f"r{number // 4}",
        item=f"q{number}",
        time=_time(number),
        event=Event.ATTEMPTED,
        score=float(number % 4 != 0),
    )


def _time(number: int) -> float:
    return FIRST + 600.0 * number
