import json
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from transformers.utils.logging import is_progress_bar_enabled

from data.errors import GatewaysError
from models.backends.model_folder import dimension_of, fingerprint_of, languages_of, load_model

ROOT = Path(__file__).parents[3]


@pytest.fixture
def copy(tiny_folder, tmp_path):
    return Path(shutil.copytree(tiny_folder, tmp_path / "copy"))


def test_a_plain_models_dimension_is_read_and_another_ones_is_not_guessed(copy):
    assert dimension_of(copy) == 32
    pooling = copy / "1_Pooling" / "config.json"
    stated = json.loads(pooling.read_text())
    pooling.write_text(json.dumps(stated | {"pooling_mode_max_tokens": True}))  # both, in a row
    assert dimension_of(copy) is None
    pooling.unlink()
    assert dimension_of(copy) is None


@pytest.mark.parametrize(
    "name",
    [
        "modules.json",
        "config.json",
        "tokenizer.json",
        "1_Pooling/config.json",
        "model.safetensors",
    ],
)
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(GatewaysError, match=name) as caught:
        load_model(copy)
    assert str(copy) in str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["modules.json", "config.json", "tokenizer.json", "1_Pooling/config.json", "model.safetensors"],
)
@pytest.mark.parametrize("length", [0, 40])
def test_a_file_cut_short_is_refused(copy, name, length):
    (copy / name).write_bytes((copy / name).read_bytes()[:length])
    with pytest.raises(GatewaysError, match=str(copy)):
        load_model(copy)


@pytest.mark.parametrize("modules", [{}, [], [1], [{"type": 3}], "x", [{"type": "os.system"}]])
def test_a_list_of_modules_that_is_none_is_refused(copy, modules):
    (copy / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(GatewaysError, match=str(copy)):
        load_model(copy)


def test_code_that_a_folder_brings_along_is_not_run(copy):
    (copy / "stranger.py").write_text("raise SystemExit('ran')")
    modules = json.loads((copy / "modules.json").read_text())
    modules[2]["type"] = "stranger.Stranger"
    (copy / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(GatewaysError, match=r"a module 'stranger\.Stranger'.* is not loaded"):
        load_model(copy)


def test_a_folder_of_something_else_is_refused(tmp_path):
    with pytest.raises(GatewaysError, match=r"not a sentence-transformers model: modules\.json"):
        load_model(tmp_path)


def test_loading_is_silent_and_leaves_the_libraries_as_they_were(tiny_folder, capfd):
    before = logging.getLogger("transformers").level, is_progress_bar_enabled()
    load_model(tiny_folder)
    assert capfd.readouterr() == ("", "")
    assert (logging.getLogger("transformers").level, is_progress_bar_enabled()) == before


def test_a_copy_has_the_same_fingerprint_in_another_process(tiny_folder, copy):
    code = (
        "import sys; from pathlib import Path;"
        "from models.backends.model_folder import fingerprint_of;"
        "print(fingerprint_of(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(copy)]
    other = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == fingerprint_of(tiny_folder)
    assert len(other.stdout.strip()) == 16


@pytest.mark.parametrize(
    "name", ["model.safetensors", "tokenizer.json", "config.json", "1_Pooling/config.json"]
)
def test_a_changed_byte_changes_the_fingerprint(tiny_folder, copy, name):
    content = bytearray((copy / name).read_bytes())
    content[-2] ^= 1
    (copy / name).write_bytes(content)
    assert fingerprint_of(copy) != fingerprint_of(tiny_folder)


def test_the_prefix_changes_the_fingerprint(tiny_folder, copy):
    configuration = copy / "config_sentence_transformers.json"
    said = json.loads(configuration.read_text())
    said["prompts"][said["default_prompt_name"]] = "passage: "
    configuration.write_text(json.dumps(said))
    assert fingerprint_of(copy) != fingerprint_of(tiny_folder)


def test_notes_beside_the_model_do_not_change_the_fingerprint(tiny_folder, copy):
    (copy / "README.md").write_text("other words")
    (copy / "results.csv").write_text("a,b")
    assert fingerprint_of(copy) == fingerprint_of(tiny_folder)


@pytest.mark.parametrize(
    ("card", "languages"),
    [
        ("---\nlanguage: en\n---\n", {"en"}),
        ("---\nlanguage:\n- multilingual\n- fr\n- sw\n- fil\n---\n", {"fr", "sw", "fil"}),
        ("---\nlanguage:\n- no\n- 'no'\n---\n", {"no"}),
        ("---\nlicense: mit\n---\n", set()),
        ("---\nlanguage: [en\n---\n", set()),
        ("---\nlanguage: 7\n---\n", set()),
        ("no front matter", set()),
        ("---\n- a list\n---\n", set()),
    ],
)
def test_the_languages_are_those_of_the_model_card(tmp_path, card, languages):
    (tmp_path / "README.md").write_text(card, encoding="utf-8")
    assert languages_of(tmp_path) == languages


def test_without_a_model_card_the_languages_are_not_known(tmp_path):
    assert languages_of(tmp_path) == frozenset()
