"""The sentence-transformers implementation of Encoder, from a local folder; it fetches nothing."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from data.errors import GatewaysError
from models.backends.choice import conversion_for
from models.backends.model_folder import check_whole, dimension_of, fingerprint_of, languages_of
from models.backends.names import TORCH
from models.backends.protocol import Backend
from models.encoder import Matrix, Progress

if TYPE_CHECKING:
    from models.backends.conversion import Conversion

LENGTHS_SLICE: Final = 1024

CHARACTERS_PER_TOKEN: Final = 32
"""What lies beyond this many times the model's tokens is not even tokenised: a bound on a book."""


class SentenceEncoder:
    """An Encoder over one sentence-transformers folder. Safe to share between threads.

    A model that wants a prefix, such as E5, says so as its default prompt. The weights are loaded
    when the first vector is wanted: to know a model by its fingerprint takes no torch.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        threads: int = 0,
        low_rank: Path | None = None,
        conversion: "Conversion | None" = None,
    ) -> None:
        """Name a model's folder, and a file of low-rank weights to be merged into it.

        `conversion` is the same model for another engine than torch. `threads` above 0 sets the
        engine's, and torch's for this whole process.

        Raises GatewaysError that says what is missing when the folder is not a whole model.
        """
        check_whole(folder)
        self.name = name
        self.backend = conversion.engine if conversion else TORCH
        self.fingerprint = (
            conversion.fingerprint if conversion else fingerprint_of(folder, low_rank)
        )
        self.languages = languages_of(folder)
        self._folder = folder
        self._low_rank = low_rank
        self._threads = threads
        self._conversion = conversion
        self._loaded: Backend[Any] | None = None
        self._loading = threading.Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as names and paths: the same backend reads the weights there."""
        low_rank = self._low_rank and self._low_rank.resolve()
        models = self._conversion and self._conversion.models.resolve()
        told = (self.name, self._folder.resolve(), self._threads, low_rank, self.backend, models)
        return _arrived, (*told, self.fingerprint)

    @property
    def dimension(self) -> int:
        """Length of a vector. Raises GatewaysError when the model cannot be loaded."""
        if self._conversion is not None:
            return self._conversion.dimension
        return dimension_of(self._folder) or self._model.dimension

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Matrix:
        """Embed `texts` as float32 [n, dimension], rows of unit length, in the given order.

        What a model cannot take in (beyond MiniLM's 256 tokens, E5's 512) is left out. `progress`
        is told each batch's size.
        """
        model = self._model
        vectors = np.empty((len(texts), model.dimension), np.float32)
        prepared: list[Any] = []
        lengths: list[int] = []
        for start in range(0, len(texts), LENGTHS_SLICE):
            some = texts[start : start + LENGTHS_SLICE]
            prepared += model.prepare([self._readable(text) for text in some])
            if len(texts) > model.batch_size:
                lengths += model.lengths(prepared[start:])
        # Sorted by tokens and not by characters, a mix of scripts needs a fifth less padding.
        rows = _longest_first(lengths) if lengths else np.arange(len(texts))
        for start in range(0, len(rows), model.batch_size):
            batch = rows[start : start + model.batch_size]
            vectors[batch] = model.embed([prepared[row] for row in batch])
            if progress is not None:
                progress(len(batch))
        return vectors

    @property
    def _model(self) -> Backend[Any]:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> Backend[Any]:
        if self._conversion is not None:
            from models.backends.converted import ConvertedBackend

            return ConvertedBackend(self._conversion, self._folder, self._threads)
        from models.backends.torch import TorchBackend

        return TorchBackend(self._folder, self._low_rank, self._threads)

    def _readable(self, text: str) -> str:
        """The text without what no tokeniser takes: half a surrogate pair, which JSON can carry."""
        limit = self._model.tokens * CHARACTERS_PER_TOKEN
        return text[:limit].encode(errors="replace").decode()


def _longest_first(lengths: Sequence[int]) -> npt.NDArray[np.int64]:
    return np.argsort(-np.array(lengths, np.int64), kind="stable")


def _arrived(
    name: str,
    folder: Path,
    threads: int,
    low_rank: Path | None,
    backend: str,
    models: Path | None,
    fingerprint: str,
) -> SentenceEncoder:
    """The same encoder where it was sent; there, too, it is converted unless it was before.

    Raises GatewaysError when other weights lie there, or when its backend cannot be had.
    """
    conversion = conversion_for(backend, folder, low_rank, models) if models else None
    encoder = SentenceEncoder(name, folder, threads, low_rank, conversion)
    if encoder.fingerprint != fingerprint:
        raise GatewaysError(
            f"{folder}: has fingerprint {encoder.fingerprint}, but {fingerprint} is wanted; have "
            "the same encoder, and the same version of this program, on every machine"
        )
    return encoder
