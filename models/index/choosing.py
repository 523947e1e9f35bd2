"""Which index so many rows get, made anew, read again, or brought up to date."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import faiss
import numpy as np
import numpy.typing as npt

from models.encoder import Matrix
from models.index.collection import Prepared, in_collection, read_collection
from models.index.faiss_file import mapped
from models.index.flat import FlatIndex
from models.index.graph import Graph
from models.index.layered import LayeredIndex
from models.index.milvus import Milvus, named
from models.index.protocol import VectorIndex
from models.index.quantised import Quantised
from models.index.roll import GONE
from models.index.sealed import Sealed
from models.index_kind import FLAT_UP_TO, Kind, Wanted, kind_for

log = logging.getLogger(__name__)

SEALED: Final[dict[Kind, type[Graph] | type[Quantised]]] = {"hnsw": Graph, "ivfpq": Quantised}

# With more of its rows gone, or changed, an index is made anew.
MOST_STALE: Final = 0.25
COMPARED_AT_ONCE: Final = 10_000


def kind_of(index: VectorIndex) -> Kind:
    """The kind that an index is of."""
    if not isinstance(index, LayeredIndex):
        return "flat"
    sealed = index.sealed
    return next((kind for kind, made in SEALED.items() if isinstance(sealed, made)), "milvus")


def kind_in(path: Path) -> Kind:
    """The kind of an index that `save` wrote, without asking for what it holds."""
    if in_collection(path):
        return "milvus"
    stored = mapped(path)
    if isinstance(stored, faiss.IndexFlat):
        return "flat"
    return "hnsw" if isinstance(stored, faiss.IndexHNSWSQ) else "ivfpq"


def make_index(
    ids: Sequence[str], vectors: Matrix, wanted: Wanted = "auto", milvus: Milvus | None = None
) -> VectorIndex:
    """An index over vectors [n, dimension]. Raises ValueError when the shapes do not fit.

    One that is wanted in `milvus` is in memory until it is saved.
    """
    if len(ids) != len(vectors):
        raise ValueError(f"{len(ids)} ids, but {len(vectors)} vectors")
    kind = kind_for(len(ids), wanted)
    if kind == "flat":
        return FlatIndex(ids, vectors)
    if kind == "milvus":
        return LayeredIndex(ids, Prepared(named(milvus), vectors))
    if len(ids) > FLAT_UP_TO:
        log.info("%s vectors are laid out (%s), which takes minutes for a million", len(ids), kind)
    return LayeredIndex(ids, SEALED[kind].build(vectors))


def load_index(path: Path, ids: Sequence[str], milvus: Milvus | None = None) -> VectorIndex:
    """Read an index that `save` wrote; `ids` are what that returned.

    All but a flat one stays in its files until it is looked at; they may be deleted meanwhile.
    Raises UnavailableError when it is in Milvus and no `milvus` is given.
    """
    if collection := read_collection(path, milvus):
        return LayeredIndex(ids, collection)
    stored = mapped(path)
    if isinstance(stored, faiss.IndexFlat):
        return FlatIndex(ids, stored.reconstruct_n(0, stored.ntotal).reshape(-1, stored.d))
    if isinstance(stored, faiss.IndexHNSWSQ):
        return LayeredIndex(ids, Graph(stored))
    return LayeredIndex(ids, Quantised(stored))


def brought_up_to(
    before: VectorIndex | None,
    ids: Sequence[str],
    vectors: Matrix,
    wanted: Wanted = "auto",
    milvus: Milvus | None = None,
) -> VectorIndex:
    """An index over vectors [n, dimension]: `before`, changed where it differs, if that pays.

    The order of rows is then that of their arrival.
    """
    if not isinstance(before, LayeredIndex) or not _suits(before.sealed, vectors, wanted):
        return make_index(ids, vectors, wanted, milvus)
    before.remove(list(set(before.ids).difference(ids, (GONE,))))
    other = _changed(before, ids, vectors, before.sealed.loss)
    before.add([ids[place] for place in other], vectors[other])
    return make_index(ids, vectors, wanted) if before.stale > MOST_STALE else before


def _suits(sealed: Sealed, vectors: Matrix, wanted: Wanted) -> bool:
    kind = kind_for(len(vectors), wanted)
    fits = isinstance(sealed, SEALED[kind]) if kind in SEALED else False
    return fits and sealed.dimension == vectors.shape[1] and not sealed.outgrown(len(vectors))


def _changed(
    before: VectorIndex, ids: Sequence[str], vectors: Matrix, loss: float
) -> npt.NDArray[np.int64]:
    """The places of those whose vector is not the one that `before` has, as well as it keeps it."""
    rows = before.rows(ids)
    changed = rows < 0
    known = np.flatnonzero(~changed)
    for start in range(0, len(known), COMPARED_AT_ONCE):
        some = known[start : start + COMPARED_AT_ONCE]
        changed[some] = np.linalg.norm(before.vectors(rows[some]) - vectors[some], axis=1) > loss
    return np.flatnonzero(changed)
