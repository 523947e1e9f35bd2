import json
from dataclasses import replace

import numpy as np
import pytest

import training.bundle.making
from data.errors import GatewaysError
from models.bundles.bundle import (
    ADAPTER,
    CARD,
    ENCODER,
    LOW_RANK,
    MANIFEST,
    RANKER,
    read_bundle,
    write_manifest,
)
from models.encoders.loading import load_encoder
from models.ranking.second_stage import second_stage_for
from training.encoder.contrastive import Contrast

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


QUICK = {"lora": ("--epochs", "3", "--rank", "2"), "encoder": ("--epochs", "1")}
PARTS = {"lora": {LOW_RANK}, "encoder": {ENCODER}, "adapter": {ADAPTER}, "ranker": set()}


@pytest.fixture
def few_will_do(monkeypatch):
    """A ranker is fitted to as few resources as the dataset has."""
    monkeypatch.setattr("training.second_stage.lists.FEWEST", 8)
    monkeypatch.setattr("training.second_stage.lists.MOST_PARTS", 4)


@pytest.fixture
def train(run, dataset, tiny_folder, tmp_path):
    """Train a bundle by the command line; its folder."""

    def trained(way, *options, base=tiny_folder, name=None):
        out = tmp_path / (name or way)
        options = ("--base", base, *QUICK.get(way, ()), *options, "--out", out)
        status, _, err = run("train", way, "--dataset", dataset, *options)
        assert status == 0, err
        assert str(out) in err
        return out

    return trained


@pytest.fixture
def trained(train):
    return train("lora")


def hidden(folder):
    """What a training that was ended left there."""
    return list(folder.glob(".*"))


def contents(folder):
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def parts_of(folder):
    """The kinds of parts that a bundle has beside its confidence."""
    names = {name.partition("/")[0] for name in read_bundle(folder).files}
    return names - {"confidence.json"}


@pytest.mark.slow
@pytest.mark.usefixtures("few_will_do")
@pytest.mark.parametrize("way", PARTS)
def test_each_way_makes_a_bundle_that_is_accepted_wherever_a_model_is_named(
    run, train, dataset, tiny_folder, tmp_path, way
):
    folder = train(way)
    bundle = read_bundle(folder)
    assert parts_of(folder) == PARTS[way] | {RANKER}
    assert (bundle.base, bundle.recipe["way"]) == (str(tiny_folder), way)
    stage = second_stage_for(str(folder))
    assert stage.confidence.fitted_on == "words (held out)"
    assert f"gateways train {way}" in (folder / CARD).read_text()
    out, report = tmp_path / "predictions.csv", tmp_path / "report.json"
    options = ("--dataset", dataset, "--model", folder)
    assert run("align", *options, "--out", out)[0] == 0
    assert len(out.read_text().splitlines()) == 1 + 8 * 8
    status, _, err = run("evaluate", "alignment", *options, "--json", report)
    assert status == 0, err
    assert json.loads(report.read_text())["queries"] == 8


def test_where_too_little_is_held_out_the_second_stage_is_kept(train, caplog):
    kept, shipped = second_stage_for(str(train("adapter"))), second_stage_for("e5")
    assert kept.confidence == shipped.confidence
    assert (kept.ranker is None) == (shipped.ranker is None)
    assert "8 aligned resources are too few to fit on; 100 are needed" in caplog.text


def test_texts_that_the_base_has_embedded_are_remembered_under_an_adapter(
    train, tiny_folder, tmp_path
):
    adapter = str(train("adapter"))
    models, vectors = tmp_path / "models", tmp_path / "remembered"
    mine, theirs = (
        load_encoder(str(name), models, vectors=vectors).encode(["abacus"])
        for name in (tiny_folder, adapter)
    )
    assert mine.shape == theirs.shape
    assert len(list(vectors.glob("*.sqlite"))) == 1


@pytest.mark.usefixtures("few_will_do")
def test_what_it_was_trained_without_is_said(train):
    bundle = read_bundle(train("ranker", "--without", "subject,levels"))
    assert bundle.recipe["without"] == ["levels", "subject"]


def test_that_words_were_translated_is_said(train, tmp_path):
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "en.tsv").write_text("a\tfr\tun\n")
    folder = train("lora", "--translations", lists)
    assert len(read_bundle(folder).recipe["translations"]) == 16
    assert "--translations LISTS" in (folder / CARD).read_text()


def test_a_list_that_is_wrong_ends_it_before_it_begins(run, dataset, tmp_path):
    (tmp_path / "en.tsv").write_text("half, fr, demi\n")
    options = ("--translations", tmp_path / "en.tsv", "--out", tmp_path / "out")
    status, _, err = run("train", "lora", "--dataset", dataset, *options)
    assert status == 2
    assert "en.tsv:1: has to be word, language, translation" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("few_will_do")
@pytest.mark.parametrize("way", ["adapter", "ranker"])
def test_what_the_base_has_learned_is_kept(train, trained, way, tmp_path):
    folder = train(way, base=trained)
    assert {LOW_RANK} <= parts_of(folder)
    assert (folder / LOW_RANK).read_bytes() == (trained / LOW_RANK).read_bytes()
    assert read_bundle(folder).base == read_bundle(trained).base
    mine, theirs = (
        load_encoder(str(one), tmp_path).encode(["abacus"]) for one in (folder, trained)
    )
    if way == "ranker":
        np.testing.assert_allclose(mine, theirs, atol=1e-6)
    again = train("ranker", base=folder, name="again")
    assert parts_of(again) - {RANKER} == parts_of(folder) - {RANKER}


@pytest.mark.parametrize("way", ["lora", "encoder"])
def test_what_has_been_trained_is_no_base_for_other_weights(run, dataset, trained, tmp_path, way):
    options = ("--base", trained, "--out", tmp_path / "out")
    status, _, err = run("train", way, "--dataset", dataset, *options)
    assert status == 2
    assert "has been trained already" in err
    assert read_bundle(trained).base in err.replace("\n", "")


def test_there_is_one_adapter_in_a_bundle(run, train, dataset, tmp_path):
    options = ("--base", train("adapter"), "--out", tmp_path / "out")
    status, _, err = run("train", "adapter", "--dataset", dataset, *options)
    assert status == 2
    assert "has an adapter already" in err


@pytest.mark.usefixtures("few_will_do")
def test_nothing_of_an_earlier_bundle_in_the_folder_is_left(train):
    assert LOW_RANK in parts_of(train("lora", name="bundle"))
    assert LOW_RANK not in parts_of(train("adapter", name="bundle"))
    assert ADAPTER not in parts_of(train("ranker", name="bundle"))


@pytest.mark.usefixtures("few_will_do")
def test_a_bundle_can_be_given_a_ranker_in_its_place(train):
    folder = train("adapter")
    before = (folder / ADAPTER).read_bytes()
    assert ADAPTER in parts_of(train("ranker", base=folder, name="adapter"))
    assert (folder / ADAPTER).read_bytes() == before


@pytest.mark.slow
@pytest.mark.usefixtures("few_will_do")
def test_a_bundle_whose_ranker_this_version_cannot_read_is_given_another(train):
    folder = train("ranker", name="earlier")
    bundle = read_bundle(folder)
    (folder / RANKER).write_bytes(b"of other features")
    write_manifest(bundle)
    with pytest.raises(GatewaysError, match="no ranker can be read"):
        second_stage_for(str(folder))
    assert second_stage_for(str(train("ranker", base=folder, name="again"))).ranker is not None


@pytest.mark.slow
@pytest.mark.usefixtures("few_will_do")
def test_a_ranker_learns_from_what_its_encoder_did_not(train, monkeypatch):
    asked = []
    real = training.bundle.making.fit_second_stage

    def noted(snapshot, encoder, labelled, **options):
        asked.append({found.id.split()[1] for found in labelled.resources})
        return real(snapshot, encoder, labelled, **options)

    monkeypatch.setattr("training.bundle.making.fit_second_stage", noted)
    adapted = train("adapter")
    train("ranker", base=adapted)
    train("ranker")
    write_manifest(replace(read_bundle(adapted), frameworks=["another"]))
    train("ranker", base=adapted)
    assert asked == [{"dev"}, {"dev"}, {"train", "dev"}, {"train", "dev"}]


def test_a_ranker_alone_with_too_little_to_learn_from_is_refused(run, dataset, tmp_path):
    options = ("--base", "minilm", "--out", tmp_path / "out")
    status, _, err = run("train", "ranker", "--dataset", dataset, *options)
    assert status == 2
    assert "aligned resources are too few to fit on; 100 are needed" in " ".join(err.split())
    assert not (tmp_path / "out").exists()
    assert hidden(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("way", ["lora", "encoder"])
def test_a_run_that_was_ended_goes_on(train, monkeypatch, tmp_path, way):
    whole = load_encoder(str(train(way, name="whole")), tmp_path).encode(["abacus"])
    monkeypatch.setattr("training.encoder.contrastive.CHECKPOINT_STEPS", 1)
    real = Contrast.save

    def ended(contrast, path):
        real(contrast, path)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Contrast, "save", ended)
        with pytest.raises(AssertionError):
            train(way, name="resumed")
    with pytest.raises(AssertionError, match="`--resume` goes on with it"):
        train(way, name="resumed")
    resumed = train(way, "--resume", name="resumed")
    found = load_encoder(str(resumed), tmp_path).encode(["abacus"])
    np.testing.assert_allclose(found, whole, atol=1e-3)
    assert hidden(tmp_path) == []


def test_a_bundle_stays_until_the_one_in_its_place_is_whole(train, trained, monkeypatch, tmp_path):
    before = contents(trained)

    def ended(*_, **__):
        raise KeyboardInterrupt

    for part in ("train_encoder", "_second_stage", "write_manifest"):
        with monkeypatch.context() as patch:
            patch.setattr(f"training.bundle.making.{part}", ended)
            with pytest.raises(AssertionError):
                train("lora", "--seed", "1", "--resume", name="lora")
        assert contents(trained) == before
    train("lora", "--seed", "1", "--resume", name="lora")
    assert read_bundle(trained).recipe["seed"] == 1
    assert contents(trained).keys() == before.keys()
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("beside", [(), (MANIFEST, CARD)])
def test_a_folder_with_something_else_is_refused(run, dataset, tmp_path, beside):
    out = tmp_path / "out"
    out.mkdir()
    for name in (*beside, "notes.txt"):
        (out / name).write_text("mine")
    status, _, err = run("train", "adapter", "--dataset", dataset, "--out", out)
    assert status == 2
    assert f"{out}: holds something else than a bundle; name another folder" in err
    assert {one.name for one in out.iterdir()} == {*beside, "notes.txt"}


def test_a_bundle_says_what_it_is_and_leaves_nothing_unfinished(trained, tiny_folder):
    bundle = read_bundle(trained)
    assert (bundle.base, bundle.trained_on) == (str(tiny_folder), "words")
    assert bundle.recipe["rank"] == 2
    assert bundle.figures["dev_mrr"] >= bundle.figures["dev_mrr_before"] > 0
    assert not (trained / "runs").exists()
    card = (trained / CARD).read_text()
    for said in ("license: CC0-1.0", "Nobody", "made up", "gateways train lora"):
        assert said in card


def test_a_bundle_is_an_encoder_of_its_own(trained, tiny_folder, tmp_path):
    bundled = load_encoder(str(trained), tmp_path)
    assert bundled.fingerprint != load_encoder(str(tiny_folder), tmp_path).fingerprint
    assert bundled.languages == load_encoder(str(tiny_folder), tmp_path).languages
    assert bundled.encode(["abacus"]).shape == (1, 32)


def test_a_damaged_bundle_is_refused_in_a_line(run, trained, dataset, tmp_path):
    (trained / LOW_RANK).write_bytes(b"cut")
    options = ("--dataset", dataset, "--model", trained, "--out", tmp_path / "p.csv")
    status, _, err = run("align", *options)
    assert status == 2
    assert "low_rank.safetensors is damaged" in err
