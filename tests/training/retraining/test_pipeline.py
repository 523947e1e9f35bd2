"""The whole of it over a real catalogue and a real registry, with the tiny encoder."""

import json
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from data.errors import ConflictError, GatewaysError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.progress import progress_bar
from data.records import Split
from data.settings import load_settings
from data.splits import By
from data.workspace import Workspace
from evaluation.alignment.protocol import read_gold
from models.bundles.bundle import read_bundle
from models.bundles.released import champion
from tests.patience import PATIENCE
from training.registry import promotion
from training.registry.store import Registry
from training.retraining import pipeline
from training.retraining.order import TooLittleError, course_of
from training.retraining.pipeline import retrain
from training.ways import Way


@pytest.fixture
def go(workspace):
    """Retrain; what is said of the steps is kept."""
    said = []

    def run(order, settings=workspace):
        said.clear()
        return retrain(settings, order, said.append, progress_bar)

    run.said = said
    return run


@pytest.fixture
def counted(monkeypatch):
    """How often the slow steps are done."""
    counts = {"train_bundle": 0, "measure": 0}

    def watch(name):
        real = getattr(pipeline, name)

        def counting(*args):
            counts[name] += 1
            return real(*args)

        monkeypatch.setattr(pipeline, name, counting)

    for name in counts:
        watch(name)
    return counts


def registry_of(settings):
    return Registry(Workspace(settings.home).registry)


@pytest.mark.slow
def test_a_run_registers_a_challenger_that_is_compared_with_the_champion(workspace, order, go):
    done = go(order())
    assert [line[:6] for line in go.said] == [f"{step} of 5" for step in range(1, 6)]
    version, before = (
        registry_of(workspace).version("challenger"),
        registry_of(workspace).version("1"),
    )
    assert version.name == done.version.name == "3"
    assert (version.base, version.dataset) == (order().base, done.dataset.name)
    assert version.metrics["mean_f2"] == pytest.approx(done.report.figures["mean_f2"].value)
    assert any(name.startswith("language/en/") for name in version.metrics)
    assert before.reports.keys() == version.reports.keys() == {done.report.fingerprint}
    compared = promotion.compared(before, version)
    assert compared.objections() == done.comparison.objections()
    assert json.loads(before.reports[done.report.fingerprint].read_text())["model"]["name"] == (
        champion(workspace.home / "models").folder
    )
    assert done.page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert champion(workspace.home / "models").version == "1"


@pytest.mark.slow
def test_given_again_it_does_no_step_twice(workspace, order, go, counted):
    first = go(order())
    assert counted == {"train_bundle": 1, "measure": 2}
    again = go(order())
    assert counted == {"train_bundle": 1, "measure": 2}
    assert again.version == first.version
    assert [version.name for version in registry_of(workspace).versions()][:2] == ["3", "2"]
    assert len(list((workspace.home / "frozen").glob("*/frozen.json"))) == 1


@pytest.mark.slow
@pytest.mark.parametrize("changed", [{"seed": 1}, {"way": Way.ADAPTER}])
def test_what_would_be_learned_otherwise_is_another_version(order, go, counted, changed):
    first = go(order())
    other = go(order(**changed))
    assert other.version.name == "4"
    assert other.report.fingerprint == first.report.fingerprint
    # The champion is measured once on the same data.
    assert counted == {"train_bundle": 2, "measure": 3}


@pytest.mark.slow
def test_what_is_accepted_later_is_learned_though_the_test_data_stay(
    workspace, order, go, labelled_folder, import_into
):
    first = go(order())
    train = read_gold(open_document(first.dataset, ReadOptions()), Split.TRAIN)
    resource = int(min(train)[1:])
    import_into(
        workspace,
        labelled_folder("more", more=[f"r{resource},o{(resource + 1) % 40},teaches,"]),
    )
    second = go(order())
    assert second.report.fingerprint == first.report.fingerprint
    assert (second.version.name, second.dataset == first.dataset) == ("4", False)


@pytest.mark.slow
def test_a_dataset_takes_the_place_of_the_catalogue(workspace, order, go, labelled_folder):
    folder = labelled_folder("split", splits=["train", "train", "dev", "test", "train"])
    done = go(order(dataset=folder))
    assert go.said[0].startswith("2 of 5")
    assert done.dataset == folder
    assert not (workspace.home / "frozen").exists()


@pytest.mark.slow
def test_a_ranker_alone_is_a_version_too(order, go):
    done = go(order(way=Way.RANKER))
    assert (done.version.folder / "ranker.skops").is_file()
    assert not (done.version.folder / "low_rank.safetensors").exists()


@pytest.mark.slow
def test_a_challenger_that_was_promoted_is_the_champion_of_the_next_run(workspace, order, go):
    first = go(order())
    registry = registry_of(workspace)
    promotion.promote(workspace.model_copy(update={"encoder": "auto"}), first.version)
    registry.crown(first.version.name)
    again = go(order())
    assert (again.champion.name, again.version.name) == ("3", "3")
    assert again.comparison.objections() == ()


@pytest.mark.slow
def test_the_workspace_is_free_while_it_trains_and_measures(workspace, order, go, monkeypatch):
    free = []

    def watched(real):
        def watching(*args):
            with Workspace(workspace.home).writing("index"):
                free.append(real.__name__)
            return real(*args)

        return watching

    for name in ("train_bundle", "measure"):
        monkeypatch.setattr(pipeline, name, watched(getattr(pipeline, name)))
    go(order())
    assert free == ["train_bundle", "measure", "measure"]


@pytest.mark.slow
def test_before_it_registers_it_waits_for_what_writes_to_the_workspace(workspace, order):
    said, importing = [], ExitStack()

    def say(line):
        said.append(line)
        if line.startswith("5 of 5"):
            importing.enter_context(Workspace(workspace.home).writing("import"))
        elif "waiting" in line:
            importing.close()

    assert retrain(workspace, order(way=Way.RANKER), say, progress_bar).version.name == "3"
    assert "`gateways import`" in said[-1]
    assert said[-1].endswith("waiting until it ends")


@pytest.mark.slow
def test_what_cannot_be_registered_is_when_it_is_given_again(order, go, counted, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Registry, "register", full)
        with pytest.raises(GatewaysError, match="the same command, given again, registers it"):
            go(order(way=Way.RANKER))
    assert go(order(way=Way.RANKER)).version.name == "3"
    assert counted == {"train_bundle": 1, "measure": 2}


@pytest.mark.slow
def test_a_version_is_built_on_by_its_alias(order, go):
    done = go(order(way=Way.ADAPTER, base="challenger"))
    assert done.version.bundle.startswith("challenger-adapter-")
    assert "low_rank.safetensors" in read_bundle(done.version.folder).files


@pytest.mark.slow
def test_a_second_run_at_the_same_time_is_refused(order, go, monkeypatch):
    training, over = threading.Event(), threading.Event()
    real = pipeline.train_bundle

    def held(*args):
        training.set()
        assert over.wait(PATIENCE)
        return real(*args)

    monkeypatch.setattr(pipeline, "train_bundle", held)
    first = threading.Thread(target=go, args=(order(),))
    first.start()
    assert training.wait(PATIENCE)
    with pytest.raises(ConflictError, match="another `gateways retrain` runs"):
        go(order(seed=7))
    over.set()
    first.join()
    assert go(order()).version.name == "3"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"base": "nothing"}, r"'nothing'.*There are e5-oak, e5, minilm, 2 \(challenger, second\)"),
        ({"base": "2"}, "has been trained already"),
        ({"base": str(Path(__file__).parent)}, "not a sentence-transformers model"),
        ({"way": Way.RANKER, "translations": "words"}, "give --way lora or encoder with it"),
    ],
)
def test_what_is_wrong_with_an_order_is_told_before_anything_is_frozen(
    workspace, order, go, tmp_path, wrong, why
):
    (tmp_path / "en.tsv").write_text("abacus\tfr\tboulier\n")
    if "translations" in wrong:
        wrong = {**wrong, "translations": tmp_path / "en.tsv"}
    with pytest.raises(GatewaysError, match=why):
        go(order(**wrong))
    assert go.said == []


@pytest.mark.parametrize(
    ("splits", "why"),
    [
        (["train", "train", "dev"], "no alignment in split «test» to measure on"),
        (["test", "test", "dev"], "no alignment in split «train» to learn from"),
        (
            ["train", "dev", "test", "test", "test", "test"],
            "80 resources to fit a ranker on, 100 are needed",
        ),
    ],
)
def test_too_little_is_refused_with_what_is_lacking(order, go, labelled_folder, splits, why):
    folder = labelled_folder("small", splits=splits)
    with pytest.raises(GatewaysError, match=why) as caught:
        go(order(dataset=folder, way=None))
    assert str(folder) in str(caught.value)


def test_what_parting_by_outcome_leaves_out_may_be_kept_by_resource(
    order, labelled_folder, workspace
):
    folder = labelled_folder("small", splits=["train", "dev", "test", "test", "test", "test"])
    with pytest.raises(GatewaysError, match="part it `--by resource`, which leaves out less"):
        course_of(workspace, order(way=None, by=By.OUTCOME), folder)


def test_without_a_word_on_it_data_that_are_too_few_by_outcome_are_parted_by_resource(
    order, go, monkeypatch
):
    def too_little_by_outcome(settings, wanted, dataset):
        if wanted.by is By.OUTCOME:
            raise TooLittleError(f"{dataset}: too little to retrain on")
        return course_of(settings, wanted, dataset)

    def ended(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "course_of", too_little_by_outcome)
    monkeypatch.setattr(pipeline, "train_bundle", ended)
    frozen = "1 of 5: freezing what was accepted and rejected"
    anew = "1 of 5: freezing it by resource, since too little is left by outcome"
    for said in ([frozen, anew], [frozen]):  # and stay so
        with pytest.raises(KeyboardInterrupt):
            go(order(way=None, by=None))
        *before, training = go.said
        assert before == said
        assert training.startswith("2 of 5: training on ")


def test_nothing_accepted_is_refused(order, go, tmp_path):
    with pytest.raises(GatewaysError, match="no alignment to freeze"):
        go(order(), load_settings(home=tmp_path / "empty"))
