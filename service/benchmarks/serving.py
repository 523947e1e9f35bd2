"""Suggestions under load over HTTP, beside the bare encoding, search and ranking of like texts.

The two take turns in one run: the server in a process of its own, the bare calls in this one, with
the same threads, the same batches, and as many texts under way at once.
"""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from threading import Semaphore
from typing import Final

from data.progress import progress_bar
from data.settings import Settings
from models.alignment.aligner import Aligner
from models.encoder import Matrix
from models.snapshots.open import open_serving
from models.suggestion import Query
from service.benchmarks.load import Loaded, load
from service.benchmarks.profile import sampled
from service.benchmarks.questions import PATH, bodies, texts
from service.benchmarks.server import running

SERVER_THREADS: Final = 40
"""What the server ranks in: anyio's limit."""

WARM_UP_SECONDS: Final = 3.0


@dataclass(slots=True, kw_only=True)
class Found:
    """What came of the load on the server, of the bare calls, and what the server took."""

    resources: int
    outcomes: int
    http: Loaded = field(default_factory=Loaded)
    bare: Loaded = field(default_factory=Loaded)
    memory: dict[str, int] = field(default_factory=dict)
    processor_seconds: float = 0.0
    stages: Counter[str] = field(default_factory=Counter)

    @property
    def overhead(self) -> float:
        """How many times as long an answer takes over HTTP, by answers a second."""
        return self.bare.rate / self.http.rate if self.http.taken else float("inf")


def measure(
    settings: Settings, clients: int, seconds: float, rounds: int, *, profile: bool = False
) -> Found:
    """Load the server of a workspace and the bare calls in turns, `seconds` each in all.

    With `profile` one more round, which counts for nothing else, tells the samples of each stage.

    Raises GatewaysError when the workspace has no index, or the server does not start or refuses
    what it is asked.
    """
    aligner = Aligner(*open_serving(settings))
    found = Found(
        resources=aligner.snapshot.manifest.resources, outcomes=len(aligner.snapshot.entries)
    )
    size = min(settings.batch_size, clients)
    unheard, each = texts(), seconds / rounds
    questions = bodies(unheard)
    with running(settings.home) as server, progress_bar("Rounds", rounds) as progress:
        server.ask(PATH, next(questions))
        load(server.port, PATH, questions, clients, WARM_UP_SECONDS)
        _bare(aligner, unheard, size, clients, WARM_UP_SECONDS)
        for _ in range(rounds):
            before = server.processor_seconds
            found.http.join(load(server.port, PATH, questions, clients, each))
            found.processor_seconds += server.processor_seconds - before
            found.bare.join(_bare(aligner, unheard, size, clients, each))
            progress(1)
        found.memory = server.memory
        if profile:
            with sampled(server.process) as found.stages:
                load(server.port, PATH, questions, clients, each)
    return found


def _bare(
    aligner: Aligner, texts: Iterator[str], size: int, clients: int, seconds: float
) -> Loaded:
    """Encode in batches in this thread and rank in others, `clients` texts under way at once."""
    found, free = Loaded(), Semaphore(clients)
    began = time.perf_counter()

    def rank(query: Query, vector: Matrix, asked: float) -> None:
        try:
            aligner.rank(query, vector)
            found.taken.append(time.perf_counter() - asked)
        finally:
            free.release()

    with ThreadPoolExecutor(SERVER_THREADS) as pool:
        while time.perf_counter() < began + seconds:
            asked = time.perf_counter()
            queries = [Query(text=text, language="en") for text in islice(texts, size)]
            for _ in queries:
                free.acquire()
            vectors = aligner.encode(queries)
            for query, vector in zip(queries, vectors, strict=True):
                pool.submit(rank, query, vector, asked)
    found.seconds = time.perf_counter() - began
    return found
