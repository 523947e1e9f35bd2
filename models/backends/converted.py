"""The backend over a converted model: neither torch nor the whole model is loaded."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from data.errors import GatewaysError
from models.backends.conversion import Conversion
from models.backends.inputs import Tokens, padded, shared_inputs
from models.backends.names import ONNX
from models.backends.protocol import Hidden, Session
from models.encoder import Matrix

BATCH_SIZE: Final = 8
"""What lies between two products of so few texts still fits into a core's cache."""

PADDING: Final = np.float32(-1e4)


class ConvertedBackend:
    """A Backend. What it embeds agrees with torch as far as the conversion's self-test says."""

    batch_size = BATCH_SIZE

    def __init__(self, conversion: Conversion, folder: Path, threads: int = 0) -> None:
        """Load the conversion of the model in `folder`, whose words and tokeniser it goes on using.

        Raises GatewaysError when one of the two cannot be read.
        """
        self.tokens = conversion.tokens
        self._prefix = conversion.prefix
        self._mean = conversion.pooling == "mean"
        self._inputs = shared_inputs(folder, conversion.tokens)
        try:
            self._positions: Hidden = np.load(conversion.positions)
            self._session = _session(conversion, threads)
        except Exception as error:  # engines raise what they like
            said = " ".join(str(error).split())
            raise GatewaysError(
                f"{conversion.folder}: the converted model cannot be loaded ({said}); mend the "
                f"package of {conversion.engine}, or delete the folder, which is then made again"
            ) from error
        self.dimension = self._positions.shape[1]

    def prepare(self, texts: Sequence[str]) -> list[Tokens]:
        """See Backend: the ids of each text's tokens."""
        found = self._inputs.tokenise([self._prefix + text for text in texts])
        return [np.array(ids, np.int32) for ids in found]

    def lengths(self, prepared: Sequence[Tokens]) -> list[int]:
        """See Backend."""
        return [len(ids) for ids in prepared]

    def embed(self, prepared: Sequence[Tokens]) -> Matrix:
        """See Backend."""
        ids, there = padded(prepared)
        embedded = self._inputs.words[ids] + self._positions[: ids.shape[1]]
        bias = np.where(there, np.float32(0), PADDING)[:, None, None, :]
        tokens = self._session(embedded.astype(np.float32, copy=False), bias)
        vectors = _mean(tokens, there) if self._mean else tokens[:, 0]
        unit: Matrix = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit


def _session(conversion: Conversion, threads: int) -> Session:
    # What keeps torch from taking every core keeps the others from it as well.
    # A list says how many at each level of nesting.
    stated = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    threads = threads or (int(stated) if stated.isdecimal() else 0)
    if conversion.engine == ONNX:
        from models.backends.onnx import OnnxSession

        return OnnxSession(conversion.model, threads)
    from models.backends.openvino import OpenvinoSession

    return OpenvinoSession(conversion.model, threads)


def _mean(tokens: Hidden, there: npt.NDArray[np.bool_]) -> Matrix:
    """Mean of each text's own tokens [n, t, d] → [n, d]."""
    sums = np.einsum("ntd,nt->nd", tokens, there.astype(np.float32))
    mean: Matrix = sums / there.sum(axis=1, keepdims=True)
    return mean
