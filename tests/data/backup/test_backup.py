"""A backup holds what cannot be made again, and a restore gives it back, on either database."""

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from data.backup.making import make_backup
from data.backup.manifest import backups, read, verify
from data.backup.restoring import restore_backup
from data.catalogue import Catalogue
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.records import Decision, Resource, Verdict
from tests.beyond_memory import write_database_beyond_memory


@pytest.fixture
def url(database_url):
    return database_url


@pytest.fixture
def place(tmp_path):
    return tmp_path / "backups"


def test_what_is_restored_is_what_was_there(settings_in, filled, content_of, url, place):
    before = settings_in("before", url)
    filled(before)
    folder = make_backup(before, place)
    after = settings_in("after")
    manifest = restore_backup(after, place)

    assert content_of(after.catalogue_url) == content_of(url)
    assert manifest.rows["decisions"] == 3
    kept = {
        path.relative_to(after.home).as_posix()
        for path in after.home.rglob("*")
        if path.is_file() and not path.name.startswith("catalogue.sqlite")
    }
    assert kept == {
        "gateways.toml",
        "snapshots/current",
        "snapshots/one/file",
        "models/released/1-x/file",
        "evidence/report.json",
        "registry/mlflow.db",
    }
    with closing(sqlite3.connect(after.home / "registry" / "mlflow.db")) as store:
        assert store.execute("SELECT id FROM runs").fetchall() == [("one",)]
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"hidden" not in everything
    assert b"noise" not in everything
    assert set(manifest.left_out) == {"evidence/secret", "lti", "api_key"}


def test_numbers_go_on_where_they_were(settings_in, filled, content_of, url, place):
    before = settings_in("before")
    filled(before)
    make_backup(before, place)
    after = settings_in("after", url)
    restore_backup(after, place)

    assert content_of(url) == content_of(before.catalogue_url)
    assert not (after.home / "catalogue.sqlite").exists() or "after" in url
    with Catalogue.open(url) as catalogue:
        last = catalogue.ledger.page().items[0].id
        said = Decision(resource="r", outcome="a", verdict=Verdict.DEFER, curator="c", time=9.0)
        assert catalogue.ledger.decide(said).id == last + 1
        catalogue.resources.create(Resource(id="new", title="t"))


def test_it_is_one_state_of_what_is_written_meanwhile(settings_in, filled, url, place):
    settings = settings_in("before", url)
    filled(settings)
    over, made = threading.Event(), []

    def decide():
        with Catalogue.open(url) as catalogue:
            while not over.is_set() or not made:
                said = {"resource": "r", "curator": "c", "time": float(len(made))}
                pair = [Decision(outcome=one, verdict=Verdict.DEFER, **said) for one in "ab"]
                made.extend(one.id for one in catalogue.ledger.decide_all(pair))

    thread = threading.Thread(target=decide)
    thread.start()
    try:
        while not made:
            assert thread.is_alive()
        known = len(made)
        folder = make_backup(settings, place)
    finally:
        over.set()
        thread.join()
    kept = verify(folder).rows["decisions"]
    assert known + 3 <= kept <= len(made) + 3
    assert kept % 2, "both decisions of a transaction are there, or none"


def test_the_older_ones_go_when_a_newer_one_is_whole(settings_in, filled, place):
    settings = settings_in("before")
    filled(settings)
    made = [make_backup(settings, place, keep=2) for _ in range(3)]
    assert backups(place) == [made[2], made[1]]
    assert sorted(path.name for path in place.iterdir()) == [made[1].name, made[2].name]


def test_a_damaged_catalogue_is_not_taken_for_a_backup(settings_in, filled, place):
    settings = settings_in("before")
    filled(settings)
    whole = make_backup(settings, place, keep=1)
    file = settings.home / "catalogue.sqlite"
    content = bytearray(file.read_bytes())
    content[4096 * 20 : -4096] = b"\xff" * (len(content) - 4096 * 21)
    file.write_bytes(content)
    with pytest.raises(GatewaysError, match="damaged"):
        make_backup(settings, place, keep=1)
    assert list(place.iterdir()) == [whole]


def test_a_file_that_states_a_length_beyond_all_memory_is_not_copied(settings_in, filled, place):
    settings = settings_in("before")
    filled(settings)
    write_database_beyond_memory(settings.home / "registry" / "other.db")
    with pytest.raises(GatewaysError, match="memory"):
        make_backup(settings, place, keep=1)
    assert list(place.iterdir()) == []


def test_a_workspace_or_database_that_is_not_empty_is_left_alone(
    settings_in, filled, content_of, url, place
):
    before = settings_in("before")
    filled(before)
    make_backup(before, place)
    with pytest.raises(ConflictError, match="is not empty"):
        restore_backup(before, place)
    taken = settings_in("elsewhere", url)
    with Catalogue.open(url) as catalogue:
        catalogue.resources.create(Resource(id="own", title="t"))
    after = settings_in("after", url)
    with pytest.raises(ConflictError):
        restore_backup(taken if "postgresql" not in url else after, place)
    with Catalogue.open(url) as catalogue:
        assert [one.id for one in catalogue.resources.live()] == ["own"]
    assert not after.home.exists()
    assert not list(after.home.parent.glob(".partial-*"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "snapshots/one/file").unlink(), "is missing"),
        (lambda folder: (folder / "snapshots/one/file").write_text("x"), "is damaged"),
        (lambda folder: flip(folder / "catalogue.sqlite"), "is damaged"),
        (lambda folder: shorten(folder / "catalogue.sqlite"), "is damaged"),
        (lambda folder: rewrite(folder, created="2000"), "was changed"),
        (lambda folder: rewrite(folder, files={"../x": "0"}), "was changed"),
        (lambda folder: (folder / "backup.json").write_text("{"), "no backup's manifest"),
    ],
    ids=["missing", "damaged", "flipped", "shortened", "older", "astray", "torn"],
)
def test_a_backup_that_is_not_whole_is_refused_and_nothing_made_of_it(
    settings_in, filled, place, spoil, said
):
    before = settings_in("before")
    filled(before)
    folder = make_backup(before, place)
    spoil(folder)
    after = settings_in("after")
    with pytest.raises(GatewaysError, match=said):
        restore_backup(after, place)
    assert not after.home.exists()


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def shorten(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4096])


def rewrite(folder: Path, **changed) -> None:
    stated = json.loads((folder / "backup.json").read_text())
    (folder / "backup.json").write_text(json.dumps(stated | changed))


def test_what_a_killed_backup_left_is_no_backup_and_is_swept_away(settings_in, filled, place):
    settings = settings_in("before")
    filled(settings)
    (place / ".partial-0").mkdir(parents=True)
    (place / ".partial-0" / "backup.json").write_text("{}")
    assert backups(place) == []
    with pytest.raises(NotFoundError, match="there is no backup"):
        restore_backup(settings_in("after"), place)
    made = make_backup(settings, place)
    assert list(place.iterdir()) == [made]
    assert read(made).created


def test_the_commands_say_what_is_kept_and_what_is_to_be_set_again(run, tmp_path, filled, place):
    from data.settings import load_settings

    filled(load_settings(home=tmp_path / "home"))
    status, out, err = run("backup", place, "--keep", 1)
    assert status == 0, err
    assert Path(out.strip()).parent == place
    status, _, err = run("restore", place, home=tmp_path / "after")
    assert status == 0
    assert "3 decisions, 1 interaction" in err
    assert "api_key" in err
    status, _, err = run("restore", place, home=tmp_path / "after")
    assert (status, "is not empty" in err) == (2, True)
