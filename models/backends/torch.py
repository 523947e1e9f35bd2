"""The backend that every model has: sentence-transformers, in float32."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from data.errors import GatewaysError
from models.backends.shared_model import SharedModel, shared_model
from models.encoder import Matrix

BATCH_SIZE: Final = 32


class TorchBackend:
    """A sentence-transformers folder, with low-rank weights merged into it if there are some."""

    batch_size = BATCH_SIZE

    def __init__(self, folder: Path, low_rank: Path | None = None, threads: int = 0) -> None:
        """Load the model; `threads` above 0 sets torch's for this whole process.

        Raises GatewaysError when it cannot be loaded.
        """
        self._shared: SharedModel = shared_model(folder)
        self.model = self._shared.model
        if low_rank is not None:
            from models.backends.low_rank import merge_low_rank

            self.model = self._shared.own()
            merge_low_rank(self.model, low_rank)
        dimension = self.model.get_embedding_dimension()
        if dimension is None:
            raise GatewaysError(f"{folder}: the model does not say how long its vectors are")
        self.dimension = int(dimension)
        self.tokens: int = self.model.max_seq_length or 512
        if threads > 0:
            import torch

            torch.set_num_threads(threads)

    def prepare(self, texts: Sequence[str]) -> list[str]:
        """See Backend. sentence-transformers takes texts, and tokenises them itself."""
        return list(texts)

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """See Backend; a model without a transformer counts characters."""
        from transformers import PreTrainedTokenizerBase

        tokenise = self.model.tokenizer
        if not isinstance(tokenise, PreTrainedTokenizerBase):
            return [len(text) for text in texts]
        with self._shared.lock:
            ids = tokenise(list(texts), truncation=True, max_length=self.tokens)["input_ids"]
        return [len(each) for each in ids]

    def embed(self, texts: Sequence[str]) -> Matrix:
        """See Backend."""
        with self._shared.lock:
            vectors: Matrix = self.model.encode(
                list(texts),
                batch_size=BATCH_SIZE,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return vectors
