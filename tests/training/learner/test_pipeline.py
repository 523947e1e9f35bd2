"""A learner model is registered with all that is known of it, and used if it is not worse."""

import json
import sys
import threading

import pytest

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.settings import load_settings
from data.workspace import Workspace
from models.bundles.released import champions
from models.learner.model import LearnerModel, read_learner_model, write_learner_model
from models.learner.tracing import starting_tracer
from service.engine import learning as module
from service.engine.learning import Learning
from tests.patience import until
from training.learner import pipeline
from training.learner.fitting import done_in_dataset
from training.learner.pipeline import train_learner
from training.registry.kinds import LEARNER
from training.registry.learner_promotion import promote_learner, roll_back_learner
from training.registry.store import Registry


@pytest.fixture
def settings(tmp_path, registry_folder):
    return load_settings(home=tmp_path / "home")


@pytest.fixture
def train(settings, school, interactions):
    """Train on so many learners, of each so many answers."""

    def trained(learners, answers=10):
        document = open_document(school(interactions(learners, answers)), ReadOptions())
        return train_learner(settings, done_in_dataset(document), lambda _: None)

    return trained


def versions(settings):
    return {
        version.name: version
        for version in Registry(Workspace(settings.home).registry, LEARNER).versions()
    }


def in_use(settings):
    return read_learner_model(settings.home / "learner.json")


def served(settings):
    return [one.version for one in champions(settings.home / "learner-models")]


def test_the_first_is_compared_with_the_start_registered_and_used(settings, train):
    found = train(40)
    assert (found.version.name, found.before.name, found.objections) == ("1", "shipped", ())
    assert in_use(settings) == found.model
    kept = versions(settings)
    assert kept["1"].aliases == ("champion",)
    assert set(kept["1"].metrics) == {"auc", "log_loss", "ece"}
    assert (kept["1"].parameters["learners"], kept["1"].parameters["answers"]) == ("40", "400")
    assert len(kept["1"].dataset) == 16
    assert kept["1"].code
    assert list(kept["1"].reports) == list(kept["shipped"].reports)
    assert kept["1"].metrics["log_loss"] == pytest.approx(
        json.loads(next(iter(kept["1"].reports.values())).read_text())["figures"]["log_loss"]
    )
    assert served(settings) == ["shipped", "1"]


def test_what_foretells_learners_worse_is_registered_and_not_used(settings, train, monkeypatch):
    good = train(60, 20)
    monkeypatch.setattr(pipeline, "rehearsed", lambda _: starting_tracer())
    found = train(61, 20)
    assert "Log loss rises from" in found.objections[0]
    assert (found.version.name, found.version.aliases) == ("2", ("challenger",))
    assert in_use(settings) == good.model
    assert served(settings) == ["shipped", "1"]


@pytest.mark.slow
def test_few_learners_do_not_replace_what_was_learned_of_many(settings, train):
    train(40)
    found = train(3)
    assert "too few to compare" in found.objections[0]
    assert served(settings) == ["shipped", "1"]


def test_the_same_again_is_no_other_version(settings, train):
    assert train(12).version.name == train(12).version.name == "1"
    assert served(settings) == ["shipped", "1"]


def test_a_file_that_was_put_there_by_hand_is_registered_so_that_there_is_a_way_back(
    settings, train
):
    mine = LearnerModel(tracer=starting_tracer())
    write_learner_model(settings.home / "learner.json", mine)
    found = train(40)
    assert (found.before.name, found.version.name) == ("1", "2")
    assert served(settings) == ["shipped", "1", "2"]
    assert roll_back_learner(settings).version == "1"
    assert in_use(settings) == mine


def test_a_damaged_file_is_replaced(settings, train):
    (settings.home / "learner.json").write_text("{")
    found = train(12)
    assert (found.before.name, in_use(settings)) == ("shipped", found.model)


def test_killed_before_the_pointer_is_set_the_same_command_completes_it(
    settings, train, monkeypatch
):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("training.registry.learner_promotion.record", killed)
        with pytest.raises(KeyboardInterrupt):
            train(12)
    assert served(settings) == ["shipped"]
    assert train(12).objections == ()
    assert served(settings) == ["shipped", "1"]
    assert versions(settings)["1"].aliases == ("champion",)


def test_without_mlflow_nothing_is_fitted_and_it_is_said_what_installs_it(
    settings, train, monkeypatch
):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(GatewaysError, match=r"pip install 'gateways\[train\]'"):
        train(12)
    assert not (settings.home / "learner.json").exists()


def test_a_running_server_takes_each_change_over_and_refuses_nobody(settings, train, monkeypatch):
    monkeypatch.setattr(module, "CHECKED_EVERY", 0)
    found = train(12)
    version = versions(settings)["1"]
    roll_back_learner(settings)
    policies, failed, over = [], [], threading.Event()

    with Catalogue.open(settings.catalogue_url) as catalogue:
        learning = Learning(settings, catalogue)

        def ask():
            while not over.is_set():
                try:
                    policies.append(learning.teaching().policy)
                except Exception as error:
                    failed.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            promote_learner(settings, version)
            until(lambda: policies and policies[-1].endswith(f"-{found.model.tracer.answers}"))
            roll_back_learner(settings)
            until(lambda: policies[-1].endswith("-0"))
        finally:
            over.set()
            asking.join()
    assert failed == []
