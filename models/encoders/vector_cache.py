"""An encoder that remembers: only texts that it never saw are embedded."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from models.encoder import Encoder, Matrix, Progress
from models.encoders.vector_store import VectorStore
from models.workers.spread import Spread, here

ENCODE_SLICE: Final = 256
"""Texts between two writes: what a killed run loses, of each worker."""

READ_SLICE: Final = 4096
"""Texts whose vectors are read at once: what the bytes take besides the matrix."""

Rows = dict[bytes, list[int]]


class CachedEncoder:
    """An Encoder over another one and a folder with a file of vectors for each fingerprint.

    Threads and processes may share the folder. A lost or damaged file costs time, nothing else.
    """

    def __init__(self, encoder: Encoder, folder: Path, spread: Spread = here) -> None:
        """Keep what `encoder` makes in `folder`; `spread` has new texts embedded."""
        self._encoder = encoder
        self._folder = folder
        self._spread = spread

    @property
    def name(self) -> str:
        """The name of the encoder below."""
        return self._encoder.name

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the encoder below: remembering changes no vector."""
        return self._encoder.fingerprint

    @property
    def backend(self) -> str:
        """The backend of the encoder below."""
        return self._encoder.backend

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the encoder below."""
        return self._encoder.languages

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Matrix:
        """Embed `texts` as float32 [n, dimension], rows of unit length, in the given order.

        `progress` is told how many texts are done, known and repeated ones as well.
        """
        vectors = np.empty((len(texts), self.dimension), np.float32)
        rows: Rows = {}
        for row, text in enumerate(texts):
            rows.setdefault(key_of(text), []).append(row)
        missing = self._fill_known(rows, vectors, progress)
        # Texts of like length in one slice, so that the encoder pads little.
        missing.sort(key=lambda key: (-len(texts[rows[key][0]]), key))
        slices = [
            missing[start : start + ENCODE_SLICE] for start in range(0, len(missing), ENCODE_SLICE)
        ]
        parts = [[texts[rows[key][0]] for key in some] for some in slices]
        for place, new in self._spread(self._encoder.encode, parts, progress):
            some = slices[place]
            stored = (vector.tobytes() for vector in new.astype("<f4"))
            self._store.write(dict(zip(some, stored, strict=True)))
            repeated = _fill(vectors, [rows[key] for key in some], new) - len(some)
            if progress is not None and repeated:
                progress(repeated)
        return vectors

    @cached_property
    def _store(self) -> VectorStore:
        return VectorStore(self._folder / f"{self.fingerprint}.sqlite", self.dimension * 4)

    def _fill_known(self, rows: Rows, vectors: Matrix, progress: Progress | None) -> list[bytes]:
        """Write the vectors that are kept into `vectors`; the keys of the others come back."""
        keys = list(rows)
        missing: list[bytes] = []
        for start in range(0, len(keys), READ_SLICE):
            some = keys[start : start + READ_SLICE]
            known, found = self._read(some)
            done = _fill(vectors, [rows[key] for key in known], found)
            missing += set(some).difference(known)
            if progress is not None and done:
                progress(done)
        return missing

    def _read(self, keys: Sequence[bytes]) -> tuple[list[bytes], Matrix]:
        kept = self._store.read(keys)
        found = np.frombuffer(b"".join(kept.values()), "<f4").reshape(-1, self.dimension)
        # A length other than one shows a damage that SQLite does not see.
        with np.errstate(over="ignore", invalid="ignore"):
            sound = np.abs(np.linalg.norm(found, axis=1) - 1) < 1e-3
        return [key for key, good in zip(kept, sound, strict=True) if good], found[sound]


def key_of(text: str) -> bytes:
    """SHA-256 of the text, 32 bytes."""
    # Half of a surrogate pair, which JSON can carry, is a text as well.
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def _fill(vectors: Matrix, rows: Sequence[Sequence[int]], new: Matrix) -> int:
    """Copy each new vector [m, d] to all its rows of `vectors`, and count those."""
    repeats = np.array([len(some) for some in rows], np.int64)
    vectors[[row for some in rows for row in some]] = np.repeat(new, repeats, axis=0)
    return int(repeats.sum())
