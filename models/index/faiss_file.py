"""FAISS's indexes ↔ files, and what is handed to its searches."""

import mmap
from pathlib import Path
from typing import Any, TypeVar

import faiss
import numpy as np

from models.encoder import Matrix
from models.index.roll import Bits

AnyIndex = TypeVar("AnyIndex", bound=faiss.Index)


def write(index: faiss.Index, path: Path) -> None:
    """Write an index. Raises OSError when it cannot be written."""
    with path.open("wb") as file:  # FAISS itself takes no notice of a disk full at the end
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]


def mapped(path: Path) -> Any:
    """Read an index whose larger parts stay in the file until they are looked at.

    Nothing may be added to it: FAISS ends the process then.
    """
    with path.open("rb") as file:
        pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    there = np.frombuffer(pages, np.uint8)
    reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(there), there.size)  # type: ignore[attr-defined]
    index = faiss.read_index(reader, faiss.IO_FLAG_MMAP_IFC)
    index.referenced_objects = [there]  # type: ignore[attr-defined]
    pages.madvise(mmap.MADV_DONTNEED)  # the smaller parts were copied, and are not looked at again
    return index


def copied(index: faiss.Index) -> Any:
    """The same index in memory, which may be added to."""
    return faiss.deserialize_index(faiss.serialize_index(index))


def extended(index: AnyIndex, vectors: Matrix, at_once: int) -> AnyIndex:
    """The same index, with rows [n, dimension] more, so many at once."""
    for start in range(0, len(vectors), at_once):  # in between a key that ends it is heard
        some = vectors[start : start + at_once]
        index.add(np.ascontiguousarray(some, dtype=np.float32))
    return index


def selector(bits: Bits | None) -> faiss.IDSelector | None:
    """Has a search look at these rows alone; None at all. `bits` must outlive it."""
    return None if bits is None else faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
