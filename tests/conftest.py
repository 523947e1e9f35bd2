import os
import re
import sys
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from models.confidence import Confidence
from models.encoders import load_encoder

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
    """Commands share one MiniLM, which takes a second to load."""

    def load(name, models, threads=0):
        return minilm if name == "minilm" else load_encoder(name, models, threads)

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
        fits_log_size=0.0,
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
