"""A folder's model, read once in a process however many encoders are made of it.

To read the multilingual tokeniser's 250,000 pieces keeps every other thread from running for
seconds, and its word embeddings are 384 MB: a server that changes from one bundle to another on the
same base would stand still meanwhile.
"""

import copy
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from weakref import WeakValueDictionary

from models.model_folder import VECTOR_FILES, load_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_State: TypeAlias = tuple[Path, tuple[tuple[str, int, int], ...]]


class SharedModel:
    """The model of a folder as it is there; whoever keeps it may use it, and nobody change it."""

    def __init__(self, model: "SentenceTransformer") -> None:
        self.model = model
        self.lock = threading.RLock()
        """Held by whoever tokenises: a tokeniser keeps its last truncation."""

    def own(self) -> "SentenceTransformer":
        """A copy whose linear layers may be changed; tokeniser and embeddings are shared."""
        from torch import nn

        embeddings = (each for each in self.model.modules() if isinstance(each, nn.Embedding))
        shared = [self.model.tokenizer, *(each.weight for each in embeddings)]
        with self.lock:  # while it is in use it remembers things
            return copy.deepcopy(self.model, {id(part): part for part in shared})


_lock: Final = threading.Lock()
_in_use: Final[WeakValueDictionary[_State, SharedModel]] = WeakValueDictionary()


def shared_model(folder: Path) -> SharedModel:
    """The folder's model, loaded unless somebody has it. Raises what `load_model` does."""
    state = _state(folder)
    with _lock:
        found = _in_use.get(state)
        if found is None:
            found = _in_use[state] = SharedModel(load_model(folder))
        return found


def _state(folder: Path) -> _State:
    """What tells a folder from another, and from what it was before its files were replaced."""
    place = folder.resolve()
    files = [path for path in sorted(place.rglob("*")) if path.suffix in VECTOR_FILES]
    stats = [(str(path), path.stat()) for path in files if path.is_file()]
    return place, tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)
