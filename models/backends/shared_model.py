"""A folder's model, read once in a process however many encoders are made of it.

To read the multilingual tokeniser's 250,000 pieces keeps every other thread from running for
seconds, and its word embeddings are 384 MB: a server that changes from one bundle to another on the
same base would stand still meanwhile.
"""

import copy
import threading
from typing import TYPE_CHECKING, Final

from models.backends.model_folder import load_model
from models.backends.once import OncePerFolder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


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


shared_model: Final = OncePerFolder(lambda folder: SharedModel(load_model(folder)))
"""The folder's model, loaded unless somebody has it. Raises what `load_model` does."""
