import pytest

from data.catalogue import Catalogue
from data.errors import ConflictError, GatewaysError
from data.settings import load_settings
from models.bundles.released import history
from models.learner.model import LearnerModel, read_learner_model, write_learner_model
from models.learner.tracing import starting_tracer
from training.registry.kinds import LEARNER
from training.registry.learner_promotion import promote_learner, roll_back_learner
from training.registry.versions import Version


@pytest.fixture
def settings(tmp_path):
    return load_settings(home=tmp_path / "home")


@pytest.fixture
def version(tmp_path):
    def of(number):
        folder = tmp_path / f"version{number}"
        model = LearnerModel(tracer=starting_tracer(), helpful={"film": float(number)})
        write_learner_model(folder / "learner.json", model)
        kept = {"bundle": folder.name, "base": "start", "trained_on": "", "created": ""}
        return Version(name=str(number), folder=folder, digest="", **kept)

    return of


def in_use(settings):
    return read_learner_model(settings.home / "learner.json").helpful["film"]


def test_the_way_back_leads_from_one_to_the_other_and_to_the_start(settings, version):
    promote_learner(settings, version(1))
    promote_learner(settings, version(2))
    assert in_use(settings) == 2
    assert roll_back_learner(settings, "it is odd").version == "1"
    assert in_use(settings) == 1
    assert roll_back_learner(settings).version == "shipped"
    assert not (settings.home / "learner.json").exists()
    with pytest.raises(ConflictError, match="no learner model was promoted"):
        roll_back_learner(settings)
    changes = history(settings.home / "learner-models")
    assert [(one.action, one.version, one.reason) for one in changes] == [
        ("promote", "1", ""),
        ("promote", "2", ""),
        ("rollback", "1", "it is odd"),
        ("rollback", "shipped", ""),
    ]


def test_the_start_can_be_promoted_and_rolled_back_from(settings, version):
    promote_learner(settings, version(1))
    promote_learner(settings, LEARNER.shipped())
    assert not (settings.home / "learner.json").exists()
    roll_back_learner(settings)
    assert in_use(settings) == 1


@pytest.mark.slow
def test_promoting_it_again_is_no_change_and_each_change_is_in_the_trail(settings, version):
    for _ in range(2):
        promote_learner(settings, version(1))
    assert len(history(settings.home / "learner-models")) == 1
    with Catalogue.open(settings.catalogue_url) as catalogue:
        assert [(one.event, one.about) for one in catalogue.audit.entries()] == [
            ("promotion", "learner/1")
        ]


def test_what_is_damaged_is_not_taken_into_use(settings, version):
    promote_learner(settings, version(1))
    promote_learner(settings, version(2))
    damaged = version(3)
    (damaged.folder / "learner.json").write_text("{")
    with pytest.raises(GatewaysError, match="no learner model"):
        promote_learner(settings, damaged)
    next((settings.home / "learner-models").glob("1-*.json")).write_text("{")
    with pytest.raises(GatewaysError, match="no learner model"):
        roll_back_learner(settings)
    assert in_use(settings) == 2
    assert len(history(settings.home / "learner-models")) == 2
