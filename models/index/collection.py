"""Rows whose vectors are in a collection of Milvus's; a small file says in which."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import faiss
import numpy as np

from data.durable import replace_text
from models.encoder import Matrix
from models.index.faiss_file import selector
from models.index.milvus import MOST_AT_ONCE, Milvus, named
from models.index.protocol import Mask, Rows
from models.index.roll import Bits
from models.index.sealed import LEAST, best

log = logging.getLogger(__name__)

POINTER: Final = ".milvus"
# Rows that a search keeps in view, and how many it may be where a filter lets few through.
EFFORT: Final = 128
MOST_EFFORT: Final = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A Sealed whose vectors are in Milvus, which is asked only when they are needed."""

    milvus: Milvus
    name: str
    count: int
    dimension: int
    few = 0  # their vectors would have to be sent here
    loss = 0.0

    def outgrown(self, count: int) -> bool:  # noqa: ARG002
        """See Sealed. Nothing is added to a collection."""
        return False

    def search(
        self, vectors: Matrix, k: int, bits: Bits | None, share: float
    ) -> tuple[Rows, Matrix]:
        """See Sealed.

        More are fetched than are wanted, since those that are not allowed are left out here. Where
        that leaves too few, or would be more than are allowed, Milvus is told which rows to look
        at, some thousands at a time.
        """
        allowed = round(share * self.count)
        fetched = k if bits is None else int(2 * k / max(share, 1 / self.count)) + 1
        rows = np.full((len(vectors), k), -1, dtype=np.int64)
        scores = np.full((len(vectors), k), LEAST, dtype=np.float32)
        if fetched <= min(allowed, MOST_AT_ONCE):
            near, found = self.milvus.nearest(self.name, vectors, fetched, max(EFFORT, 2 * fetched))
            if bits is not None:
                forbidden = ~_in(bits, near)
                near[forbidden], found[forbidden] = -1, LEAST
            rows, scores = best(k, near, found)
        lost = np.flatnonzero((rows >= 0).sum(axis=1) < min(k, allowed))
        if len(lost):
            rows[lost], scores[lost] = self._among(_rows(bits, self.count), vectors[lost], k)
        return rows, scores

    def vectors(self, rows: Rows) -> Matrix:
        """See Sealed."""
        if not len(rows):
            return np.empty((0, self.dimension), dtype=np.float32)
        return self.milvus.vectors(self.name, rows)

    def grown(self, vectors: Matrix) -> "Prepared":
        """See Sealed. All are read, to be put into a collection of their own."""
        return Prepared(self.milvus, np.concatenate([self.vectors(np.arange(self.count)), vectors]))

    def write(self, path: Path) -> None:
        """See Sealed. Each snapshot has a collection of its own, and is dropped with it."""
        self.grown(np.empty((0, self.dimension), dtype=np.float32)).write(path)

    def _among(self, allowed: Rows, vectors: Matrix, k: int) -> tuple[Rows, Matrix]:
        rows = np.full((len(vectors), k), -1, dtype=np.int64)
        scores = np.full((len(vectors), k), LEAST, dtype=np.float32)
        for start in range(0, len(allowed), MOST_AT_ONCE):
            some = allowed[start : start + MOST_AT_ONCE]
            share = len(some) / self.count
            effort = int(min(max(EFFORT, 2 * k) / share, MOST_EFFORT))
            near, found = self.milvus.nearest(self.name, vectors, k, effort, some)
            rows, scores = best(k, np.hstack([rows, near]), np.hstack([scores, found]))
        return rows, scores


class Prepared:
    """A Sealed in memory that is put into Milvus when it is written."""

    few = 0
    loss = 0.0

    def __init__(self, milvus: Milvus, vectors: Matrix) -> None:
        self._milvus = milvus
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)

    @property
    def count(self) -> int:
        """See Sealed."""
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        """See Sealed."""
        return int(self._vectors.shape[1])

    def outgrown(self, count: int) -> bool:  # noqa: ARG002
        """See Sealed."""
        return False

    def search(
        self,
        vectors: Matrix,
        k: int,
        bits: Bits | None,
        share: float,  # noqa: ARG002
    ) -> tuple[Rows, Matrix]:
        """See Sealed. One by one: it is meant to be written, not to be searched."""
        index = faiss.IndexFlatIP(self.dimension)
        index.add(self._vectors)
        parameters = faiss.SearchParameters(sel=selector(bits))  # type: ignore[call-arg]
        scores, rows = index.search(vectors, k, params=parameters)
        return rows, scores

    def vectors(self, rows: Rows) -> Matrix:
        """See Sealed."""
        return self._vectors[rows]

    def grown(self, vectors: Matrix) -> "Prepared":
        """See Sealed."""
        return Prepared(self._milvus, np.concatenate([self._vectors, vectors]))

    def write(self, path: Path) -> None:
        """See Sealed. Raises UnavailableError too."""
        name = f"gateways_{uuid4().hex}"
        about = {"collection": name, "count": self.count, "dimension": self.dimension}
        # Named before it is made: if this is killed, it is known what is to be dropped.
        replace_text(path.with_suffix(POINTER), json.dumps(about))
        self._milvus.create(name, self._vectors)


def in_collection(path: Path) -> bool:
    """Whether what was written to `path` is in Milvus."""
    return path.with_suffix(POINTER).is_file()


def read_collection(path: Path, milvus: Milvus | None) -> Collection | None:
    """The collection that was written to `path`, None if something else was.

    Raises UnavailableError when nothing says where Milvus is.
    """
    return _read(path.with_suffix(POINTER), milvus) if in_collection(path) else None


def drop_collections(folder: Path, milvus: Milvus | None) -> None:
    """Drop what files in `folder` point to. Raises UnavailableError when that is not possible.

    A file that cannot be read points to nothing; what a kill left half written is hidden.
    """
    for pointer in folder.glob(f"[!.]*{POINTER}"):
        try:
            found = _read(pointer, milvus)
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("%s: damaged (%r), so no collection of Milvus is dropped", pointer, error)
        else:
            found.milvus.drop(found.name)


def _read(pointer: Path, milvus: Milvus | None) -> Collection:
    about = json.loads(pointer.read_text(encoding="utf-8"))
    return Collection(
        name=about["collection"],
        count=about["count"],
        dimension=about["dimension"],
        milvus=named(milvus),
    )


def _in(bits: Bits, rows: Rows) -> Mask:
    """Whether each of `rows` is in `bits`, without unpacking those of all."""
    found: Mask = (bits[rows >> 3] >> (rows & 7).astype(np.uint8) & 1).astype(bool)
    return found


def _rows(bits: Bits | None, count: int) -> Rows:
    if bits is None:
        return np.arange(count)
    return np.flatnonzero(np.unpackbits(bits, bitorder="little"))
