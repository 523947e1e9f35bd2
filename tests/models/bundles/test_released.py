import json

import pytest

from data.errors import GatewaysError
from models.bundles.bundle import CONFIDENCE, LOW_RANK, MANIFEST, read_bundle
from models.bundles.released import (
    FIRST,
    POINTER,
    RELEASED,
    SHIPPED,
    Change,
    Release,
    champion,
    champions,
    encoder_name,
    history,
    is_released,
    located,
    record,
    release,
)


def change(action, version, folder, **more):
    return Change(action=action, version=version, folder=folder, time="2026-01-01", **more)


def test_before_anything_was_promoted_what_ships_is_champion(tmp_path):
    assert (champion(tmp_path), history(tmp_path)) == (FIRST, [])
    assert encoder_name(FIRST, tmp_path) == SHIPPED


def test_a_released_bundle_is_a_whole_copy_by_its_version_and_digest(tmp_path, bundle_of):
    bundle = bundle_of("first", 1)
    made = release(bundle, tmp_path, "3")
    folder = tmp_path / RELEASED / made.folder
    assert made.version == "3"
    assert made.folder.startswith("3-")
    assert encoder_name(made, tmp_path) == str(folder)
    assert read_bundle(folder).files == read_bundle(bundle).files
    assert {path.name for path in folder.iterdir()} == {path.name for path in bundle.iterdir()}
    assert release(bundle, tmp_path, "3") == made
    assert [path.name for path in (tmp_path / RELEASED).iterdir()] == [made.folder]


def test_bundles_that_differ_are_released_apart(tmp_path, bundle_of):
    first, second = (release(bundle_of(name, 1), tmp_path, "1") for name in ("first", "second"))
    assert first == second  # equal to the byte
    assert release(bundle_of("third", 3), tmp_path, "1") != first


def test_a_released_bundle_that_was_damaged_is_mended_by_releasing_it_again(tmp_path, bundle_of):
    made = release(bundle_of("first", 1), tmp_path, "1")
    folder = tmp_path / RELEASED / made.folder
    (folder / LOW_RANK).write_bytes(b"")
    with pytest.raises(GatewaysError, match=f"{LOW_RANK} is damaged"):
        read_bundle(folder)
    assert release(bundle_of("first", 1), tmp_path, "1") == made
    assert read_bundle(folder)


def test_a_damaged_bundle_is_not_released(tmp_path, bundle_of):
    made = tmp_path / RELEASED / release(bundle_of("first", 1), tmp_path, "1").folder
    (made / CONFIDENCE).unlink()
    with pytest.raises(GatewaysError, match=f"{CONFIDENCE} is missing"):
        release(made, tmp_path / "other", "2")
    assert not (tmp_path / "other").exists()


def test_what_a_killed_release_left_is_in_nobodys_way(tmp_path, bundle_of):
    name = release(bundle_of("first", 1), tmp_path / "elsewhere", "1").folder
    left = tmp_path / RELEASED / f".{name}"
    left.mkdir(parents=True)
    (left / MANIFEST).write_text("{")
    assert release(bundle_of("first", 1), tmp_path, "1").folder == name
    assert not left.exists()


def test_each_rollback_leads_to_the_champion_before(tmp_path):
    record(tmp_path, change("promote", "1", "1-a"))
    record(tmp_path, change("promote", "2", "2-b"))
    record(tmp_path, change("rollback", "1", "1-a"))
    assert champion(tmp_path) == Release(version="1", folder="1-a")
    record(tmp_path, change("promote", "3", "3-c"))
    assert [found.version for found in champions(tmp_path)] == [SHIPPED, "1", "3"]
    record(tmp_path, change("rollback", "1", "1-a"))
    record(tmp_path, change("rollback", SHIPPED, None))
    assert champions(tmp_path) == [FIRST]


def test_the_history_keeps_every_change_with_why_it_was_forced(tmp_path):
    forced = change("promote", "1", "1-a", reason="wanted", objections=["it is worse"])
    record(tmp_path, forced)
    record(tmp_path, change("rollback", SHIPPED, None))
    assert history(tmp_path) == [forced, change("rollback", SHIPPED, None, objections=[])]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 2, "history": []}'])
def test_a_damaged_pointer_is_refused_with_the_way_out(tmp_path, text):
    (tmp_path / POINTER).write_text(text)
    with pytest.raises(GatewaysError, match=str(tmp_path / POINTER)):
        champion(tmp_path)


def test_the_pointer_can_be_read_by_a_person(tmp_path):
    record(tmp_path, change("promote", "1", "1-a"))
    assert json.loads((tmp_path / POINTER).read_text())["champion"] == "1-a"


def test_a_released_folder_is_found_where_the_workspace_is_now(tmp_path):
    assert located("/old/home/models/released/1-a", tmp_path) == str(tmp_path / RELEASED / "1-a")
    assert is_released("home/models/released/1-a")
    for name in ("e5-oak", "/some/bundle", "org/model"):
        assert located(name, tmp_path) == name
        assert not is_released(name)
