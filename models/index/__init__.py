"""Protocol + FAISS: ids and vectors → neighbours under a filter."""

from models.index.choosing import Kind, Wanted, brought_up_to, kind_for, load_index, make_index
from models.index.flat import FlatIndex
from models.index.protocol import Mask, Rows, VectorIndex

__all__ = [
    "FlatIndex",
    "Kind",
    "Mask",
    "Rows",
    "VectorIndex",
    "Wanted",
    "brought_up_to",
    "kind_for",
    "load_index",
    "make_index",
]
