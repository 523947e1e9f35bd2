"""How long a suggestion takes over HTTP, beside the bare encoding and search in it."""

import asyncio
import http.client
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from socket import socket

import numpy as np
import numpy.typing as npt
from uvicorn import Config, Server

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.progress import progress_bar
from data.settings import Settings
from models.suggestion import Query
from models.text import query_of
from service.app import create_app
from service.engine.live import Serving

LOCAL = "127.0.0.1"
WARM_UP = 20
CANDIDATES = 100  # what the aligner, too, asks the index for at least

Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """Seconds [n] of each query: encoding and FAISS search alone; with the aligner; over HTTP."""

    bare: Seconds
    aligner: Seconds
    http: Seconds

    @property
    def ratio(self) -> float:
        """How many times as long the median query takes over HTTP."""
        return float(np.median(self.http) / np.median(self.bare))


def measure(settings: Settings, most: int) -> Latencies:
    """Time up to `most` of the catalogue's resources as queries, one after the other.

    The three are timed in turns, so that whatever else the machine does meets them alike. Client
    and server share this process and its interpreter lock, which counts against HTTP.

    Raises GatewaysError when there is no index or no resource.
    """
    queries = _queries(settings, most + WARM_UP)
    with _serving(settings) as (serving, client), progress_bar("Asking", len(queries)) as progress:
        taken = [_turn(query, serving, client, progress) for query in queries]
    seconds = np.array(taken[min(WARM_UP, len(taken) // 2) :])
    return Latencies(bare=seconds[:, 0], aligner=seconds[:, 1], http=seconds[:, 2])


def _turn(
    query: Query,
    serving: Serving,
    client: http.client.HTTPConnection,
    progress: Callable[[int], None],
) -> tuple[float, float, float]:
    aligner = serving.aligner
    started = time.perf_counter()
    vector = aligner.encode([query])
    serving.snapshot.outcomes.search(vector, CANDIDATES)
    bare = time.perf_counter()
    aligner.rank(query, aligner.encode([query])[0])
    aligned = time.perf_counter()
    _ask(client, query)
    asked = time.perf_counter()
    progress(1)
    return bare - started, aligned - bare, asked - aligned


def _ask(client: http.client.HTTPConnection, query: Query) -> None:
    body = json.dumps({"text": query.text, "language": query.language})
    client.request("POST", "/v1/suggestions", body, {"Content-Type": "application/json"})
    response = client.getresponse()
    answer = response.read()
    if response.status != http.client.OK:
        raise GatewaysError(f"the service answered {response.status}: {answer.decode()}")


def _queries(settings: Settings, most: int) -> Sequence[Query]:
    with Catalogue.open(settings.catalogue_url) as catalogue:
        resources = list(islice(catalogue.resources.live(), most))
    if not resources:
        raise GatewaysError(
            f"{settings.home}: the catalogue has no resource to ask with; run `gateways import`"
        )
    return [query_of(resource) for resource in resources]


@contextmanager
def _serving(settings: Settings) -> Iterator[tuple[Serving, http.client.HTTPConnection]]:
    """The real server in a thread, on a free port, and a client with one open connection."""
    app = create_app(settings)
    server = Server(Config(app, log_config=None, access_log=False))
    with socket() as listening:
        listening.bind((LOCAL, 0))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        while thread.is_alive() and not server.started:
            time.sleep(0.01)
        client = http.client.HTTPConnection(LOCAL, listening.getsockname()[1], timeout=60)
        log, level = logging.getLogger("service"), logging.getLogger("service").level
        log.setLevel(logging.WARNING)  # a line for each request would be in the way
        try:
            yield app.state.parts.live.serving(), client
        finally:
            log.setLevel(level)
            client.close()
            server.should_exit = True
            thread.join()
