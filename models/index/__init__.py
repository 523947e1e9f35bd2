"""Protocol + FAISS: ids and vectors → neighbours under a filter."""

from models.index.choosing import (
    brought_up_to,
    kind_in,
    kind_of,
    load_index,
    make_index,
)
from models.index.collection import drop_collections
from models.index.flat import FlatIndex
from models.index.milvus import Milvus, milvus_of, named
from models.index.names import Names
from models.index.protocol import Mask, Rows, VectorIndex
from models.index_kind import Kind, Wanted, kind_for

__all__ = [
    "FlatIndex",
    "Kind",
    "Mask",
    "Milvus",
    "Names",
    "Rows",
    "VectorIndex",
    "Wanted",
    "brought_up_to",
    "drop_collections",
    "kind_for",
    "kind_in",
    "kind_of",
    "load_index",
    "make_index",
    "milvus_of",
    "named",
]
