import json

import pytest

from models.bundle import CARD, LOW_RANK, read_bundle
from models.encoders import load_encoder
from training.contrastive import CHECKPOINT

SPLITS = ("train", "train", "dev", "test")


@pytest.fixture
def dataset(entries, dataset_folder):
    """Four lessons for each outcome, of which two may be learned from."""
    outcomes = [
        {"id": one.outcome.id, "framework": "f", "title": one.outcome.title} for one in entries
    ]
    lessons = [
        (f"{one.outcome.id} {split} {number}", one.outcome.id, split)
        for one in entries
        for number, split in enumerate(SPLITS)
    ]
    resources = [{"id": name, "title": f"a {outcome}"} for name, outcome, _ in lessons]
    rows = "".join(f"{name},{outcome},teaches,{split}\n" for name, outcome, split in lessons)
    folder = dataset_folder(
        outcomes="".join(json.dumps(one) + "\n" for one in outcomes),
        resources="".join(json.dumps(one) + "\n" for one in resources),
        alignments="resource,outcome,relation,split\n" + rows,
    )
    about = {"name": "words", "license": "CC0-1.0", "attribution": "Nobody", "source": "made up"}
    (folder / "dataset.json").write_text(json.dumps(about))
    return folder


@pytest.fixture
def trained(run, dataset, tiny_folder, tmp_path):
    """Train a bundle by the command line; its folder."""
    out = tmp_path / "bundle"
    options = ("--base", tiny_folder, "--epochs", "3", "--rank", "2", "--out", out)
    status, _, err = run("train", "lora", "--dataset", dataset, *options)
    assert status == 0, err
    assert str(out) in err
    return out


def test_a_bundle_says_what_it_is_and_leaves_nothing_unfinished(trained, tiny_folder):
    bundle = read_bundle(trained)
    assert (bundle.base, bundle.trained_on) == (str(tiny_folder), "words")
    assert bundle.recipe["rank"] == 2
    assert bundle.figures["dev_mrr"] >= bundle.figures["dev_mrr_before"] > 0
    assert not (trained / CHECKPOINT).exists()
    card = (trained / CARD).read_text()
    for said in ("license: CC0-1.0", "Nobody", "made up", "gateways train lora"):
        assert said in card


def test_a_bundle_is_an_encoder_of_its_own(trained, tiny_folder, tmp_path):
    bundled = load_encoder(str(trained), tmp_path)
    assert bundled.fingerprint != load_encoder(str(tiny_folder), tmp_path).fingerprint
    assert bundled.languages == load_encoder(str(tiny_folder), tmp_path).languages
    assert bundled.encode(["abacus"]).shape == (1, 32)


def test_a_bundle_is_accepted_wherever_a_model_is_named(run, trained, dataset, tmp_path):
    out, report = tmp_path / "predictions.csv", tmp_path / "report.json"
    options = ("--dataset", dataset, "--model", trained)
    assert run("align", *options, "--out", out)[0] == 0
    assert len(out.read_text().splitlines()) == 1 + 8 * 8
    status, _, err = run("evaluate", "alignment", *options, "--json", report)
    assert status == 0, err
    assert json.loads(report.read_text())["queries"] == 8


def test_a_damaged_bundle_is_refused_in_a_line(run, trained, dataset, tmp_path):
    (trained / LOW_RANK).write_bytes(b"cut")
    options = ("--dataset", dataset, "--model", trained, "--out", tmp_path / "p.csv")
    status, _, err = run("align", *options)
    assert status == 2
    assert "low_rank.safetensors is damaged" in err
