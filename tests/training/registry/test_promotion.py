import json

import pytest

from data.catalogue import Catalogue
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions
from data.importing.importer import import_document
from data.settings import load_settings
from models.bundles.released import FIRST, champion, champions, history, located
from models.snapshots import open as opening
from models.snapshots.manifest import current_manifest, published
from models.snapshots.open import open_serving
from models.snapshots.publishing import index_catalogue
from training.registry import promotion
from training.registry.promotion import Word, compared, gate, promote, roll_back
from training.registry.versions import Version, shipped_version

TITLES = ["Add fractions", "The water cycle", "Read a map"]


@pytest.fixture
def settings(tmp_path):
    return load_settings(home=tmp_path / "home")


@pytest.fixture
def take_in(settings, dataset_folder):
    def imported(*titles):
        rows = [{"id": t, "framework": "f", "title": t, "language": "en"} for t in titles]
        folder = dataset_folder(outcomes="".join(json.dumps(row) + "\n" for row in rows))
        with Catalogue.open(settings.catalogue_url) as catalogue:
            import_document(catalogue, DatasetFolder().open(folder, ReadOptions()))

    return imported


@pytest.fixture
def version(bundle_of):
    def of(number, **more):
        folder = bundle_of(f"bundle{number}", number)
        kept = {"bundle": folder.name, "base": "tiny", "trained_on": "words", "created": "2026"}
        return Version(name=str(number), folder=folder, digest="", **kept, **more)

    return of


@pytest.fixture
def in_use(settings, take_in, version):
    """Version 1 is the champion, and made the index."""
    take_in(*TITLES)
    promote(settings, version(1))
    index_catalogue(settings)
    return settings


def state(settings):
    """The champion, whose encoder made what is served, and its index."""
    snapshot, encoder = open_serving(settings)
    models = settings.home / "models"
    made_by = located(encoder.name, models).rpartition("/")[2].partition("-")[0]
    return champion(models).version, made_by, snapshot.manifest.id


def test_without_an_index_the_champion_is_what_the_first_index_is_made_with(
    settings, take_in, version
):
    assert promote(settings, version(1)).index is None
    take_in(*TITLES)
    manifest, _ = index_catalogue(settings)
    assert state(settings) == ("1", "1", manifest.id)


def test_a_promoted_version_makes_the_index_that_is_served(in_use, version):
    promoted = promote(in_use, version(2))
    assert state(in_use) == ("2", "2", promoted.index.id)
    assert not index_catalogue(in_use)[1]


def test_what_speaks_against_a_version_keeps_it_out_unless_a_reason_is_given(in_use, version):
    before = state(in_use)
    with pytest.raises(GatewaysError, match="version 2 is not promoted: it is worse"):
        promote(in_use, version(2), against=["it is worse"])
    assert state(in_use) == before
    promote(in_use, version(2), against=["it is worse"], reason="we want it")
    last = history(in_use.home / "models")[-1]
    assert (last.version, last.reason, list(last.objections)) == (
        "2",
        "we want it",
        ["it is worse"],
    )


def test_a_promotion_killed_before_its_index_is_published_changes_nothing(
    in_use, version, monkeypatch
):
    def killed(*_):
        raise KeyboardInterrupt

    before = state(in_use)
    with monkeypatch.context() as patch:
        patch.setattr("models.snapshots.publishing.publish", killed)
        with pytest.raises(KeyboardInterrupt):
            promote(in_use, version(2))
    assert state(in_use) == before


@pytest.mark.parametrize("back", [False, True])
def test_a_change_killed_between_index_and_pointer_serves_one_pair_and_is_completed_by_the_next(
    in_use, version, monkeypatch, back
):
    def killed(*_):
        raise KeyboardInterrupt

    if back:
        promote(in_use, version(2))
    change = roll_back if back else lambda settings: promote(settings, version(2))
    wanted = "1" if back else "2"
    before = champion(in_use.home / "models").version
    with monkeypatch.context() as patch:
        patch.setattr(promotion, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            change(in_use)
    said, made_by, index = state(in_use)
    assert (said, made_by) == (before, wanted)
    change(in_use)
    assert state(in_use) == (wanted, wanted, index)


def test_a_rollback_takes_the_kept_index_of_the_champion_before(in_use, version):
    before = state(in_use)
    promote(in_use, version(2))
    assert roll_back(in_use).index.id == before[2]
    assert state(in_use) == before


def test_a_rollback_keeps_why(in_use, version):
    promote(in_use, version(2))
    roll_back(in_use, "it is slow")
    last = history(in_use.home / "models")[-1]
    assert (last.action, last.reason) == ("rollback", "it is slow")


def test_a_rollback_after_an_import_indexes_what_was_imported(in_use, version, take_in):
    promote(in_use, version(2))
    take_in(*TITLES, "Draw a circle")
    index_catalogue(in_use)
    made = roll_back(in_use).index
    assert state(in_use) == ("1", "1", made.id)
    assert made.outcomes == 4


def test_rolling_back_again_and_again_leads_to_what_ships(in_use, version, hashing, monkeypatch):
    load = opening.load_encoder
    monkeypatch.setattr(
        opening,
        "load_encoder",
        lambda name, *more: hashing if name == "e5-oak" else load(name, *more),
    )
    promote(in_use, version(2))
    for expected in ("1", "shipped"):
        assert roll_back(in_use).release.version == expected
    assert champions(in_use.home / "models") == [FIRST]
    assert current_manifest(in_use.home / "snapshots").encoder == "hashing"
    with pytest.raises(ConflictError, match="nothing served before"):
        roll_back(in_use)


def test_what_ships_can_be_promoted_and_rolled_back_from(settings, version):
    promote(settings, version(1))
    promote(settings, shipped_version())
    assert champion(settings.home / "models") == FIRST
    assert roll_back(settings).release.version == "1"


def test_promoting_the_champion_again_is_no_change(in_use, version):
    before = state(in_use)
    promote(in_use, version(1))
    assert state(in_use) == before
    assert len(history(in_use.home / "models")) == 1


def test_a_rollback_to_a_damaged_bundle_is_refused_and_the_champion_goes_on(in_use, version):
    promote(in_use, version(2))
    before = state(in_use)
    folder = champions(in_use.home / "models")[1].folder
    (in_use.home / "models" / "released" / folder / "confidence.json").write_text("{}")
    with pytest.raises(GatewaysError, match=r"confidence\.json is damaged"):
        roll_back(in_use)
    assert state(in_use) == before


@pytest.mark.parametrize("change", [roll_back, lambda settings: promote(settings, None)])
def test_where_the_settings_name_an_encoder_no_champion_is_chosen(settings, change):
    with pytest.raises(ConflictError, match="the setting `encoder` is 'minilm'"):
        change(settings.model_copy(update={"encoder": "minilm"}))
    assert len(published(settings.home / "snapshots")) == 0


class Found:
    """Stands in for a comparison of two reports."""

    def __init__(self, before, after):
        self.pair = (before, after)

    def objections(self, margin):
        return [f"{self.pair[0]} and {self.pair[1]} by {margin}"]

    def doubts(self, margin):
        return [f"unsure by {margin}"]


def test_the_gate_compares_the_newest_reports_of_the_same_data(version, monkeypatch):
    monkeypatch.setattr(promotion, "differences", Found)
    before = version(1, reports={"a": "a1", "b": "b1", "c": "c1"})
    after = version(2, reports={"a": "a2", "b": "b2", "d": "d2"})
    word = gate(before, after, 0.05)
    assert (word.objections, word.doubts) == (("b1 and b2 by 0.05",), ("unsure by 0.05",))
    assert gate(before, before) == Word()


def test_versions_without_reports_of_the_same_data_are_not_comparable(version):
    before, after = version(1, reports={"a": "a1"}), version(2, reports={"d": "d2"})
    assert "no report of the same data" in gate(before, after).objections[0]
    with pytest.raises(NotFoundError):
        compared(before, after)
