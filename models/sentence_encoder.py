"""The sentence-transformers implementation of Encoder, from a local folder; it fetches nothing."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from data.errors import GatewaysError
from models.encoder import Matrix, Progress
from models.model_folder import check_whole, fingerprint_of, languages_of
from models.shared_model import SharedModel, shared_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_SIZE: Final = 32
LENGTHS_SLICE: Final = 1024

CHARACTERS_PER_TOKEN: Final = 32
"""What lies beyond this many times the model's tokens is not even tokenised: a bound on a book."""


class SentenceEncoder:
    """An Encoder over one sentence-transformers folder. Safe to share between threads.

    A model that wants a prefix, such as E5, says so as its default prompt. The weights are loaded
    when the first vector is wanted: to know a model by its fingerprint takes no torch.
    """

    def __init__(
        self, name: str, folder: Path, threads: int = 0, low_rank: Path | None = None
    ) -> None:
        """Name a model's folder, and a file of low-rank weights to be merged into it.

        `threads` above 0 sets torch's for this whole process.

        Raises GatewaysError that says what is missing when the folder is not a whole model.
        """
        check_whole(folder)
        self.name = name
        self.fingerprint = fingerprint_of(folder, low_rank)
        self.languages = languages_of(folder)
        self._folder = folder
        self._low_rank = low_rank
        self._threads = threads
        self._loaded: tuple[SentenceTransformer, SharedModel] | None = None
        self._loading = threading.Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as a name and a path: the weights are read there."""
        low_rank = self._low_rank and self._low_rank.resolve()
        told = (self.name, self._folder.resolve(), self._threads, low_rank)
        return _arrived, (*told, self.fingerprint)

    @property
    def dimension(self) -> int:
        """Length of a vector. Raises GatewaysError when the model cannot be loaded."""
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise GatewaysError(f"{self._folder}: the model does not say how long its vectors are")
        return int(dimension)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Matrix:
        """Embed `texts` as float32 [n, dimension], rows of unit length, in the given order.

        What a model cannot take in (beyond MiniLM's 256 tokens, E5's 512) is left out. `progress`
        is told each batch's size.
        """
        vectors = np.empty((len(texts), self.dimension), np.float32)
        # Sorted by tokens and not by characters, a mix of scripts needs a fifth less padding.
        rows = np.argsort(-self._lengths(texts), kind="stable")
        for start in range(0, len(rows), BATCH_SIZE):
            batch = rows[start : start + BATCH_SIZE]
            readable = [self._readable(texts[row]) for row in batch]
            with self._tokenising:
                vectors[batch] = self._model.encode(
                    readable,
                    batch_size=BATCH_SIZE,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            if progress is not None:
                progress(len(batch))
        return vectors

    @property
    def _model(self) -> "SentenceTransformer":
        return self._load()[0]

    @property
    def _tokenising(self) -> threading.RLock:
        """Held while the tokeniser is in use, which other encoders of the folder use as well."""
        return self._load()[1].lock

    def _load(self) -> "tuple[SentenceTransformer, SharedModel]":
        with self._loading:
            if self._loaded is None:
                shared = shared_model(self._folder)
                model = shared.model
                if self._low_rank is not None:
                    from models.low_rank import merge_low_rank

                    model = shared.own()
                    merge_low_rank(model, self._low_rank)
                self._loaded = model, shared
                if self._threads > 0:
                    import torch

                    torch.set_num_threads(self._threads)
            return self._loaded

    @property
    def _tokens(self) -> int:
        return self._model.max_seq_length or 512

    def _readable(self, text: str) -> str:
        """The text without what no tokeniser takes: half a surrogate pair, which JSON can carry."""
        return text[: self._tokens * CHARACTERS_PER_TOKEN].encode(errors="replace").decode()

    def _lengths(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Count each text's tokens, int64 [n]; a model without a transformer counts characters."""
        from transformers import PreTrainedTokenizerBase

        tokenise = self._model.tokenizer
        if not isinstance(tokenise, PreTrainedTokenizerBase):
            return np.array([len(text) for text in texts], np.int64)
        lengths: list[int] = []
        for start in range(0, len(texts), LENGTHS_SLICE):
            readable = [self._readable(text) for text in texts[start : start + LENGTHS_SLICE]]
            with self._tokenising:
                ids = tokenise(readable, truncation=True, max_length=self._tokens)["input_ids"]
            lengths += map(len, ids)
        return np.array(lengths, np.int64)


def _arrived(
    name: str, folder: Path, threads: int, low_rank: Path | None, fingerprint: str
) -> SentenceEncoder:
    """The same encoder where it was sent. Raises GatewaysError when other weights lie there."""
    encoder = SentenceEncoder(name, folder, threads, low_rank)
    if encoder.fingerprint != fingerprint:
        raise GatewaysError(
            f"{folder}: has fingerprint {encoder.fingerprint}, but {fingerprint} is wanted; have "
            "the same encoder, and the same version of this program, on every machine"
        )
    return encoder
