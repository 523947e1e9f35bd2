import pytest

from data.errors import GatewaysError
from models.bundles.bundle import CONFIDENCE, Bundle, read_bundle, write_manifest
from models.bundles.named import BUNDLES, SHIPPED
from models.ranking.confidence import read_confidence
from models.ranking.second_stage import second_stage_for


@pytest.fixture
def bundle(tmp_path, confidence):
    """A bundle without a ranker."""
    confidence.write(tmp_path / CONFIDENCE)
    return write_manifest(Bundle(folder=tmp_path, base="e5", trained_on="d", created="2026-01-01"))


@pytest.mark.parametrize("name", BUNDLES)
def test_a_second_stage_ships_for_each_encoder_that_ships(name):
    stage = second_stage_for(name)
    assert stage.confidence.encoder == name
    assert stage.confidence.log_share > 0
    assert stage.confidence == read_confidence(SHIPPED / name / CONFIDENCE)


@pytest.mark.parametrize("name", BUNDLES)
def test_each_bundle_that_ships_has_a_ranker(name):
    assert second_stage_for(name).ranker is not None
    assert read_bundle(SHIPPED / name).ranker is not None


@pytest.mark.parametrize("name", ["someone/unheard-of", "unheard-of", "..", ""])
def test_a_foreign_encoder_gets_the_multilingual_one(name):
    assert second_stage_for(name).confidence == read_confidence(SHIPPED / "e5" / CONFIDENCE)


def test_a_bundle_has_its_own(bundle, confidence):
    stage = second_stage_for(str(bundle.folder))
    assert (stage.confidence, stage.ranker) == (confidence, None)


def test_a_damaged_bundle_is_named(bundle):
    (bundle.folder / CONFIDENCE).write_text("{}")
    with pytest.raises(GatewaysError, match=r"confidence\.json is damaged"):
        second_stage_for(str(bundle.folder))
