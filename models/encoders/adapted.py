"""An encoder whose vectors are mapped by a matrix that was learned for them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from data.errors import GatewaysError
from models.checksums import checksum
from models.encoder import Encoder, Matrix, Progress

MAP = "map"


class AdaptedEncoder:
    """An Encoder over another one. Safe to share between threads."""

    def __init__(self, base: Encoder, adapter: Path) -> None:
        """Map what `base` encodes by the matrix in the file. Raises GatewaysError if it is none."""
        self._base = base
        self._adapter = adapter
        self._map = _read(adapter)
        self.name = base.name
        self.backend = base.backend
        both = f"{base.fingerprint} {checksum(adapter)}"
        self.fingerprint = hashlib.sha256(both.encode()).hexdigest()[:16]
        self.languages = base.languages

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return len(self._map)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Matrix:
        """See Encoder. Raises GatewaysError when the map is for vectors of another length."""
        vectors = self._base.encode(texts, progress)
        if vectors.shape[1] != self.dimension:
            raise GatewaysError(
                f"{self._adapter}: maps vectors of {self.dimension} numbers, but those of "
                f"{self.name} have {vectors.shape[1]}; train the adapter again"
            )
        return adapted(vectors, self._map)


def adapted(vectors: Matrix, matrix: Matrix) -> Matrix:
    """Vectors [n, d] mapped by a matrix [d, d], of unit length again."""
    mapped = vectors @ matrix.T
    unit: Matrix = mapped / np.maximum(np.linalg.norm(mapped, axis=1, keepdims=True), 1e-9)
    return unit


def write_adapter(path: Path, matrix: Matrix) -> None:
    """Write a map [d, d] in half precision."""
    save_file({MAP: matrix.astype(np.float16)}, path)


def _read(path: Path) -> Matrix:
    try:
        matrix: Matrix = load_file(path)[MAP].astype(np.float32)
    except (OSError, SafetensorError, KeyError) as error:
        raise GatewaysError(f"{path}: no adapter can be read from it ({error})") from None
    return matrix
