"""A connection to Milvus, which searches vectors on machines of its own; alone knows its client."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import numpy as np

from data.errors import UnavailableError
from data.settings import Settings
from models.encoder import Matrix
from models.index.protocol import Rows
from models.index.sealed import LEAST

if TYPE_CHECKING:
    from pymilvus import MilvusClient

ROW: Final = "id"
VECTOR: Final = "vector"

# So few rows are looked at in a few milliseconds one by one.
FLAT_UP_TO: Final = 50_000
LINKS: Final = 32
EFFORT_WHEN_BUILT: Final = 80

MOST_AT_ONCE: Final = 16_384
"""Rows that Milvus answers with at most."""
READ_AT_ONCE: Final = 2_000
ASKED_AT_ONCE: Final = 50  # queries
SENT_AT_ONCE: Final = 8_000_000  # bytes, where a server takes 64 MB

ANSWER_SECONDS: Final = 5.0
CHANGE_SECONDS: Final = 60.0
# Ten waits of its client make about 15 s. What takes it long in itself has no limit.
PATIENCE: Final = {"retry_times": 10}
NOT_FOUND: Final = 100
# Its client asks every ten seconds whether it is there; milvus-lite hangs up at the third time.
RARE_PINGS: Final = {
    "grpc.keepalive_time_ms": 330_000,
    "grpc.keepalive_permit_without_calls": False,
}
MEND: Final = "start it, or set GATEWAYS_MILVUS to where it is"


class Milvus:
    """One server, or a file of milvus-lite's. Connects when it is first asked for something.

    Safe to share between threads. All raise UnavailableError, which says what to do.
    """

    def __init__(self, address: str, token: str = "") -> None:
        self.address = address
        self._token = token
        self._client: MilvusClient | None = None
        self._loaded: set[str] = set()
        self._lock = Lock()

    def create(self, name: str, vectors: Matrix) -> None:
        """Make a collection of vectors [n, dimension] by row, ready to be searched."""
        with self._asked(name) as client:
            from pymilvus import DataType

            schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field(ROW, DataType.INT64, is_primary=True)
            schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=vectors.shape[1])
            # Nothing is added once it is whole, so no search needs to wait for what is under way.
            client.create_collection(
                name, schema=schema, consistency_level="Eventually", timeout=CHANGE_SECONDS
            )
            _insert(client, name, vectors)
            client.flush(name, **PATIENCE)
            index = client.prepare_index_params()
            index.add_index(VECTOR, metric_type="IP", **_structure(len(vectors)))
            # There is nothing to wait for where rows are looked at one by one.
            client.create_index(name, index, sync=len(vectors) > FLAT_UP_TO, **PATIENCE)
            client.load_collection(name, **PATIENCE)
            found = client.query(
                name, output_fields=["count(*)"], consistency_level="Strong", **PATIENCE
            )
        if (there := found[0]["count(*)"]) != len(vectors):
            raise self._unavailable(f"has {there} of {len(vectors)} vectors; run the command again")

    def nearest(
        self, name: str, vectors: Matrix, k: int, effort: int, among: Rows | None = None
    ) -> tuple[Rows, Matrix]:
        """Rows [q, k] and scores [q, k], best first, of a collection; a missing one has row -1.

        At most MOST_AT_ONCE are found. `among` is a list of rows to look at, None for all.
        """
        rows = np.full((len(vectors), k), -1, dtype=np.int64)
        scores = np.full((len(vectors), k), LEAST, dtype=np.float32)
        most = min(k, MOST_AT_ONCE)
        for start in range(0, len(vectors), ASKED_AT_ONCE):
            with self._ready(name) as client:
                found = client.search(
                    name,
                    vectors[start : start + ASKED_AT_ONCE],
                    limit=most,
                    filter="" if among is None else _within(among),
                    output_fields=[ROW],  # else milvus-lite sends the vectors too
                    search_params={"params": {"ef": max(effort, most)}},
                    timeout=ANSWER_SECONDS,
                )
            for query, hits in enumerate(found, start):
                rows[query, : len(hits)] = [hit[ROW] for hit in hits]
                scores[query, : len(hits)] = [hit["distance"] for hit in hits]
        return rows, scores

    def vectors(self, name: str, rows: Rows) -> Matrix:
        """The vectors of `rows` [n] of a collection, as [n, dimension]; at least one is wanted."""
        wanted, places = np.unique(rows, return_inverse=True)
        found: dict[int, list[float]] = {}
        for start in range(0, len(wanted), READ_AT_ONCE):
            some = wanted[start : start + READ_AT_ONCE]
            with self._ready(name) as client:
                read = client.query(
                    name, _within(some), output_fields=[ROW, VECTOR], timeout=ANSWER_SECONDS
                )
            found.update((one[ROW], one[VECTOR]) for one in read)
        if len(found) != len(wanted):
            raise self._unavailable(f"has lost rows of {name}; run `gateways index --rebuild`")
        return np.array([found[row] for row in wanted.tolist()], dtype=np.float32)[places]

    def drop(self, name: str) -> None:
        """Remove a collection; one that is not there does not matter."""
        with self._asked(name) as client:
            client.drop_collection(name, timeout=CHANGE_SECONDS)
        self._loaded.discard(name)

    @contextmanager
    def _ready(self, name: str) -> Iterator["MilvusClient"]:
        """The client, once the collection is in the server's memory."""
        with self._asked(name) as client:
            if name not in self._loaded:
                # If it does not answer at all, that is soon known; loading may take longer.
                client.get_load_state(name, timeout=ANSWER_SECONDS)
                client.load_collection(name, timeout=CHANGE_SECONDS)
                self._loaded.add(name)
            yield client

    @contextmanager
    def _asked(self, name: str) -> Iterator["MilvusClient"]:
        if find_spec("pymilvus") is None:
            raise self._unavailable("needs a client here: run `pip install -e '.[milvus]'`")
        from grpc import RpcError
        from pymilvus import MilvusException

        try:
            yield self._connected()
        except MilvusException as error:
            self._loaded.discard(name)
            if error.code == NOT_FOUND:
                raise self._unavailable(
                    f"has no collection {name}, where vectors of this index are; "
                    "run `gateways index --rebuild`"
                ) from error
            raise self._unavailable(f"cannot be used ({error.message}); {MEND}") from error
        except RpcError as error:
            raise self._unavailable(f"does not answer ({error.details()}); {MEND}") from error

    def _connected(self) -> "MilvusClient":
        from pymilvus import MilvusClient

        with self._lock:
            if self._client is None:
                # What it logs with a traceback is raised as well, and told once by whoever asked.
                logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
                self._client = MilvusClient(
                    self.address,
                    token=self._token,
                    timeout=ANSWER_SECONDS,
                    grpc_options=RARE_PINGS,
                )
            return self._client

    def _unavailable(self, what: str) -> UnavailableError:
        return UnavailableError(f"Milvus at {self.address} {what}")


_shared: Final[WeakValueDictionary[tuple[str, str], Milvus]] = WeakValueDictionary()
_sharing: Final = Lock()


def milvus_of(settings: Settings) -> Milvus | None:
    """The Milvus that the settings name, None if they name none.

    All indexes of a process that are there share one, and its connection.
    """
    if not settings.milvus:
        return None
    token = settings.milvus_token
    secret = token.get_secret_value() if token else ""
    with _sharing:
        found = _shared.get((settings.milvus, secret))
        if found is None:
            found = _shared[settings.milvus, secret] = Milvus(settings.milvus, secret)
        return found


def named(milvus: Milvus | None) -> Milvus:
    """`milvus` itself. Raises UnavailableError when there is none."""
    if milvus is None:
        raise UnavailableError(
            "vectors are kept in Milvus, but no setting says where that is; set "
            "GATEWAYS_MILVUS to its address, such as http://127.0.0.1:19530"
        )
    return milvus


def _insert(client: "MilvusClient", name: str, vectors: Matrix) -> None:
    size = max(1, SENT_AT_ONCE // (vectors.dtype.itemsize * vectors.shape[1]))
    for start in range(0, len(vectors), size):
        some = enumerate(vectors[start : start + size], start)
        client.insert(name, [{ROW: row, VECTOR: vector} for row, vector in some], **PATIENCE)


def _structure(count: int) -> dict[str, object]:
    if count <= FLAT_UP_TO:
        return {"index_type": "FLAT"}
    return {"index_type": "HNSW", "params": {"M": LINKS, "efConstruction": EFFORT_WHEN_BUILT}}


def _within(rows: Rows) -> str:
    return f"{ROW} in {rows.tolist()}"
