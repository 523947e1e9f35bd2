"""What converted layers take in: a folder's tokeniser and word embeddings, without torch."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from data.errors import GatewaysError
from models.backends.once import OncePerFolder
from models.backends.protocol import Ids

TOKENISER: Final = "tokenizer.json"
WEIGHTS: Final = "model.safetensors"
_WORDS: Final = "word_embeddings.weight"
_KINDS: Final = {"F32": "<f4", "F16": "<f2"}

Tokens = npt.NDArray[np.int32]
Rows = npt.NDArray[np.float32] | npt.NDArray[np.float16]


class TextInputs:
    """A tokeniser, which leaves out what is beyond `tokens`, and the words' embeddings [v, d].

    The embeddings stay on the disk, where those of the words that occur are looked up: they are
    most of a multilingual model, and of 250,000 words few are in use.
    """

    def __init__(self, folder: Path, tokens: int) -> None:
        """Raises GatewaysError when the folder has no such files."""
        try:
            self._tokeniser = Tokenizer.from_file(str(folder / TOKENISER))
            self.words: Rows = _mapped(folder / WEIGHTS)
        except Exception as error:  # the tokeniser's library raises nothing narrower
            raise GatewaysError(f"{folder}: its words cannot be read ({error})") from error
        self._tokeniser.enable_truncation(tokens)
        self._tokeniser.no_padding()

    def tokenise(self, texts: Sequence[str]) -> list[list[int]]:
        """Each text's token ids, special ones included."""
        return [found.ids for found in self._tokeniser.encode_batch(list(texts))]


def padded(tokens: Sequence[Tokens]) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """Token ids of texts as a matrix [n, t], and which of them are a text's own."""
    counts = np.array([len(ids) for ids in tokens])
    there = np.arange(counts.max()) < counts[:, None]
    matrix = np.zeros(there.shape, np.int64)
    matrix[there] = np.concatenate(tokens)
    return matrix, there


shared_inputs: Final = OncePerFolder(TextInputs)
"""Encoders of one folder share them: to read the multilingual tokeniser takes a second."""


def _mapped(path: Path) -> Rows:
    """The word embeddings in a safetensors file: eight bytes of length, a JSON header, the data."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    (stated,) = (tensor for name, tensor in header.items() if name.endswith(_WORDS))
    kind, start = _KINDS[stated["dtype"]], 8 + length + stated["data_offsets"][0]
    rows: Rows = np.memmap(path, kind, "r", start, tuple(stated["shape"]))
    return rows
