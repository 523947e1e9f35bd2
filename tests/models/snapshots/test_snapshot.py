import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import models.snapshots.manifest
from data.errors import GatewaysError, UnavailableError
from data.records import Outcome, Resource
from models.index import load_index
from models.snapshots.indexing import build
from models.snapshots.manifest import MismatchError, current_manifest, published, read_manifest
from models.snapshots.open import open_current
from models.snapshots.snapshot import load_snapshot, publish
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[3]
TITLES = ["Add fractions", "मात्राएँ नापना", "جمع الكسور", "分数的加法", "Line\u2028separator"]


@pytest.fixture
def snapshot_of(hashing, confidence):
    def make(*titles, encoder=hashing, resources=("Halves", "Rivers"), **stated):
        outcomes = [
            Outcome(
                id=f"o{row}",
                framework="f",
                title=title,
                levels=("3", "4"),
                language="en",
                extra={"notes": {"a": [1, 2]}},
            )
            for row, title in enumerate(titles)
        ]
        known = [Resource(id=f"r{row}", title=title) for row, title in enumerate(resources)]
        return build(outcomes, known, encoder, confidence=confidence, **stated)

    return make


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def flip(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 0x01
    path.write_bytes(content)


def same(one, other, hashing):
    queries = hashing.encode([*TITLES, "something else"])
    return (
        list(one.entries) == list(other.entries)
        and one.confidence == other.confidence
        and list(one.resources.ids) == list(other.resources.ids)
        and all(
            np.array_equal(mine, theirs)
            for index in ("outcomes", "resources")
            for mine, theirs in zip(
                getattr(one, index).search(queries, 3),
                getattr(other, index).search(queries, 3),
                strict=True,
            )
        )
        and all((one.lexical.scores(t) == other.lexical.scores(t)).all() for t in TITLES)
    )


def test_what_is_published_is_loaded_again(tmp_path, snapshot_of, hashing):
    made = snapshot_of(*TITLES, revision=5, frameworks={"f": "fingerprint"})
    folder = publish(made, tmp_path / "new" / "snapshots")
    loaded = load_snapshot(folder, hashing)
    assert same(loaded, made, hashing)
    assert loaded.manifest == read_manifest(folder)
    assert loaded.manifest.id == folder.name
    assert replace(loaded.manifest, id="", files={}) == made.manifest
    assert (loaded.manifest.revision, loaded.manifest.frameworks) == (5, {"f": "fingerprint"})


def test_what_was_accepted_and_the_ranker_are_loaded_again(
    tmp_path, snapshot_of, hashing, ranker, made_up_lists
):
    plain = snapshot_of(*TITLES)
    accepted = {"r0": ["o0", "o2"], "r1": ["gone"]}
    made = replace(plain, accepted=accepted, ranker=ranker)
    loaded = load_snapshot(publish(made, tmp_path), hashing)
    assert loaded.accepted == accepted
    features = made_up_lists[0].features
    assert np.array_equal(loaded.ranker.at_home.scores(features), ranker.at_home.scores(features))
    without = load_snapshot(publish(plain, tmp_path), hashing)
    assert (without.accepted, without.ranker) == ({}, None)
    assert without.manifest.model != loaded.manifest.model


def test_an_index_of_nothing_is_published_and_loaded(tmp_path, snapshot_of, hashing):
    loaded = load_snapshot(publish(snapshot_of(resources=()), tmp_path), hashing)
    assert (len(loaded.entries), len(loaded.resources.ids)) == (0, 0)


def test_resources_that_were_removed_or_replaced_are_published_as_they_are_now(
    tmp_path, snapshot_of, hashing
):
    made = snapshot_of(*TITLES, resources=("Halves", "Rivers", "Cities"))
    made.resources.remove(["r0"])
    made.resources.add(["r2"], hashing.encode(["Flowers"]))
    loaded = load_snapshot(publish(made, tmp_path), hashing)
    rows, _ = loaded.resources.search(hashing.encode(["Flowers", "Rivers", "Halves"]), 3)
    assert [loaded.resources.ids[row] for row in rows[:2, 0]] == ["r2", "r1"]
    assert sorted(loaded.resources.ids) == ["r1", "r2"]


@pytest.mark.parametrize("kind", ["hnsw", "ivfpq"])
def test_a_structure_is_published_with_rows_that_are_gone_and_rows_that_came(
    tmp_path, snapshot_of, hashing, kind
):
    made = snapshot_of(*TITLES, resources=("Halves", "Rivers", "Cities"), kind=kind)
    made.resources.remove(["r0"])
    made.resources.add(["r2", "r3"], hashing.encode(["Flowers", "Trees"]))
    folder = publish(made, tmp_path)
    loaded = load_snapshot(folder, hashing)
    rows, _ = loaded.resources.search(hashing.encode(["Flowers", "Rivers", "Trees"]), 3)
    assert [loaded.resources.ids[row] for row in rows[:, 0]] == ["r2", "r1", "r3"]
    assert len(loaded.resources) == 3
    largest = max(files(folder), key=lambda path: path.stat().st_size)
    flip(largest, largest.stat().st_size // 2)
    with pytest.raises(GatewaysError, match=f"{largest.name} is damaged"):
        load_snapshot(folder, hashing)


@pytest.mark.parametrize("format_before", [2, 3])
def test_an_index_of_a_format_before_is_read(tmp_path, snapshot_of, hashing, format_before):
    made = snapshot_of(*TITLES)
    before = replace(made, manifest=replace(made.manifest, format=format_before, index=""))
    assert same(load_snapshot(publish(before, tmp_path), hashing), made, hashing)


def test_the_last_one_published_is_current_and_only_two_are_kept(tmp_path, snapshot_of, hashing):
    folders = [publish(snapshot_of(title), tmp_path) for title in ("First", "Second", "Third")]
    assert published(tmp_path) == [folders[2], folders[1]]
    assert open_current(tmp_path, hashing).entries[0].path == ("Third",)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [folders[1].name, folders[2].name, "current"]
    )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": "other", "fingerprint": "other-weights"}, "other other-weights"),
        ({"fingerprint": "words-64-but-trained-again"}, "trained-again"),
    ],
)
def test_an_index_made_with_another_encoder_is_refused_with_the_command(
    tmp_path, snapshot_of, hashing_of, change, named
):
    folder = publish(snapshot_of(*TITLES), tmp_path)
    other = hashing_of()
    for name, value in change.items():
        setattr(other, name, value)
    with pytest.raises(MismatchError, match=named) as refused:
        load_snapshot(folder, other)
    assert "gateways index" in str(refused.value)
    with pytest.raises(GatewaysError, match=named):
        open_current(tmp_path, other)


def test_an_index_of_another_text_version_is_refused(tmp_path, snapshot_of, hashing, monkeypatch):
    folder = publish(snapshot_of(*TITLES), tmp_path)
    monkeypatch.setattr(
        models.snapshots.manifest, "TEXT_VERSION", models.snapshots.manifest.TEXT_VERSION + 1
    )
    with pytest.raises(GatewaysError, match=r"text version .*run `gateways index`"):
        load_snapshot(folder, hashing)


def test_an_index_whose_vectors_were_not_normalised_is_refused(tmp_path, snapshot_of, hashing):
    made = snapshot_of(*TITLES)
    raw = replace(made, manifest=replace(made.manifest, normalised=False))
    with pytest.raises(GatewaysError, match="gateways index"):
        load_snapshot(publish(raw, tmp_path), hashing)


def test_an_index_of_another_format_is_refused(tmp_path, snapshot_of, hashing):
    made = snapshot_of("A")
    folder = publish(replace(made, manifest=replace(made.manifest, format=1)), tmp_path)
    with pytest.raises(GatewaysError, match="has format 1, this version reads 2, 3, 4, 5"):
        load_snapshot(folder, hashing)


def test_a_flipped_bit_in_any_file_is_refused_and_the_index_before_it_serves(
    tmp_path, snapshot_of, hashing
):
    publish(snapshot_of("Earlier"), tmp_path)
    folder = publish(snapshot_of(*TITLES), tmp_path)
    generator = random.Random(0)
    for path in files(folder):
        whole = path.read_bytes()
        for _ in range(6):
            flip(path, generator.randrange(len(whole)))
            with pytest.raises(GatewaysError, match="gateways index"):
                load_snapshot(folder, hashing)
            assert open_current(tmp_path, hashing).entries[0].path == ("Earlier",)
            path.write_bytes(whole)
    assert len(open_current(tmp_path, hashing).entries) == len(TITLES)


def test_a_missing_file_is_named_and_the_index_before_it_serves(
    tmp_path, snapshot_of, hashing, caplog
):
    publish(snapshot_of("Earlier"), tmp_path)
    folder = publish(snapshot_of(*TITLES), tmp_path)
    (folder / "outcomes.faiss").unlink()
    assert open_current(tmp_path, hashing).entries[0].path == ("Earlier",)
    assert "outcomes.faiss is missing" in caplog.text


def test_a_manifest_cut_anywhere_is_refused(tmp_path, snapshot_of, hashing):
    publish(snapshot_of("Earlier"), tmp_path)
    folder = publish(snapshot_of(*TITLES), tmp_path)
    manifest = folder / "manifest.json"
    whole = manifest.read_bytes()
    for length in range(0, len(whole), 37):
        manifest.write_bytes(whole[:length])
        with pytest.raises(GatewaysError, match="manifest"):
            read_manifest(folder)
    assert current_manifest(tmp_path).outcomes == 1
    assert open_current(tmp_path, hashing).entries[0].path == ("Earlier",)


@pytest.mark.parametrize("key", ["revision", "frameworks", "encoder", "files", "created"])
def test_a_manifest_edited_by_hand_is_refused(tmp_path, snapshot_of, key):
    folder = publish(snapshot_of(*TITLES, revision=5, frameworks={"f": "x"}), tmp_path)
    stated = json.loads((folder / "manifest.json").read_text())
    stated[key] = {"revision": 6, "frameworks": {}, "files": {}}.get(key, "edited")
    (folder / "manifest.json").write_text(json.dumps(stated))
    with pytest.raises(GatewaysError, match="manifest"):
        read_manifest(folder)


@pytest.mark.parametrize("content", [b"", b"gone", b"\xff\xfe", b"../elsewhere"])
def test_a_damaged_pointer_gives_the_newest_index(tmp_path, snapshot_of, hashing, content):
    publish(snapshot_of("Earlier"), tmp_path)
    publish(snapshot_of("Newest"), tmp_path)
    (tmp_path / "current").write_bytes(content)
    assert open_current(tmp_path, hashing).entries[0].path == ("Newest",)


def test_what_a_killed_publication_left_is_swept_away(tmp_path, snapshot_of):
    left = tmp_path / ".partial-1234"
    left.mkdir()
    (left / "manifest.json").write_text("{}")
    assert published(tmp_path) == []
    folder = publish(snapshot_of(*TITLES), tmp_path)
    assert published(tmp_path) == [folder]
    assert not left.exists()


@pytest.mark.parametrize("pointer", [".resources.milvus", "resources.milvus"])
@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff"])
def test_a_pointer_half_written_does_not_stop_the_next_index(
    tmp_path, snapshot_of, pointer, content
):
    left = tmp_path / ".partial-1234"
    left.mkdir()
    (left / pointer).write_bytes(content)
    folder = publish(snapshot_of(*TITLES), tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([folder, tmp_path / "current"])


def test_what_cannot_be_removed_does_not_stop_the_next_index_of_a_process_of_the_same_number(
    tmp_path, snapshot_of, monkeypatch
):
    monkeypatch.setattr("models.snapshots.snapshot.shutil.rmtree", lambda *_, **__: None)
    (tmp_path / f".partial-{os.getpid()}").mkdir()
    folder = publish(snapshot_of(*TITLES), tmp_path)
    assert published(tmp_path) == [folder]


def test_killed_while_an_old_index_is_removed_the_next_one_removes_the_rest(
    tmp_path, snapshot_of, monkeypatch
):
    def killed(folder, **_):
        (folder / "manifest.json").unlink()
        raise KeyboardInterrupt

    before = [publish(snapshot_of(title), tmp_path) for title in ("First", "Second")]
    monkeypatch.setattr("models.snapshots.snapshot.shutil.rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        publish(snapshot_of("Third"), tmp_path)
    monkeypatch.undo()
    third, second = published(tmp_path)
    assert second == before[1]
    last = publish(snapshot_of("Fourth"), tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([third, last, tmp_path / "current"])


def test_where_nothing_can_be_written_a_person_is_told(tmp_path, snapshot_of):
    (tmp_path / "file").write_text("")
    with pytest.raises(GatewaysError, match="could not be written"):
        publish(snapshot_of(*TITLES), tmp_path / "file" / "snapshots")


def test_a_failure_after_the_rename_leaves_the_earlier_index_current(
    tmp_path, snapshot_of, hashing, monkeypatch
):
    publish(snapshot_of("Earlier"), tmp_path)

    def full(_path, _text):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(models.snapshots.manifest, "replace_text", full)
    with pytest.raises(GatewaysError, match=r"No space left on device.*free some space"):
        publish(snapshot_of("Later"), tmp_path)
    assert open_current(tmp_path, hashing).entries[0].path == ("Earlier",)


# A process of its own: `say(title, count)` makes a snapshot of that many outcomes.
PROCESS = """
import resource, runpy, sys
from pathlib import Path
from data.errors import GatewaysError
from data.records import Outcome, Resource
from models.ranking.confidence import Confidence
from models.snapshots.indexing import build
from models.snapshots.snapshot import publish
encoder = runpy.run_path({conftest!r})["HashingEncoder"](512)  # vectors are the largest file
snapshots = Path(sys.argv[1])
weights = dict(bias=0, score=1, log_share=0, log_rank=0, log_size=0)
fits = dict(fits_bias=0, fits_best=1, fits_nearest=0, fits_log_size=0, words_weight=0.2)
fit = Confidence(**weights, **fits, encoder="hashing", fitted_on="")
def made(title, count):
    outcomes = [Outcome(id=str(n), framework="f", title=title, description=f"word{{n}} " * 3)
                for n in range(count)]
    return build(outcomes, [Resource(id="r", title=title)], encoder, confidence=fit)
""".format(conftest=str(ROOT / "tests" / "conftest.py"))

PUBLISH_FOR_EVER = """
number = 0
while True:
    snapshot = made(f"Number {number}", 300)
    publish(snapshot, snapshots)
    print(number, flush=True)
    number += 1
"""

PUBLISH_ON_A_FULL_DISK = """
publish(made("Earlier", 3), snapshots)
later = made("Later", 50)
whole = publish(later, snapshots)
largest = max(path.stat().st_size for path in whole.rglob("*"))
publish(made("Earlier", 3), snapshots)
last = range(largest - 4000, largest + 500, 500)
for limit in [0, 1, 100, *range(500, largest - 4000, 5000), *last]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        publish(later, snapshots)
        print(limit, "published", flush=True)
        break
    except GatewaysError as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        print(limit, (snapshots / "current").read_text(), error, flush=True)
print(largest, flush=True)
"""


def process(script, snapshots):
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS + script, str(snapshots)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_disk_that_is_full_at_any_point_leaves_the_earlier_index_current(tmp_path, hashing_of):
    running = process(PUBLISH_ON_A_FULL_DISK, tmp_path)
    said, complaint = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, complaint
    *failures, last, largest = said.strip().splitlines()
    assert len(failures) > 10
    assert all("could not be written" in line and "File too large" in line for line in failures)
    assert len({line.split()[1] for line in failures}) == 1
    assert last.endswith("published")
    assert int(last.split()[0]) >= int(largest)
    assert open_current(tmp_path, hashing_of(512)).entries[0].path == ("Later",)
    assert not list(tmp_path.glob(".partial-*"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_killed_at_any_moment_of_a_publication_there_is_an_index(tmp_path, hashing_of, seed):
    running = process(PUBLISH_FOR_EVER, tmp_path)
    first = running.stdout.readline()
    assert first.strip() == "0", running.stderr.read()
    time.sleep(random.Random(seed).uniform(0, 0.4))
    os.kill(running.pid, signal.SIGKILL)
    said, _ = running.communicate(timeout=PATIENCE)
    last = int((first + said).split()[-1])
    loaded = open_current(tmp_path, hashing_of(512))
    assert loaded.entries[0].path in ((f"Number {last}",), (f"Number {last + 1}",))
    assert loaded.manifest.id == (tmp_path / "current").read_text()
    assert len(loaded.entries) == 300


def test_vectors_in_milvus_are_dropped_with_their_snapshot_and_with_what_was_never_whole(
    tmp_path, snapshot_of, hashing, milvus, monkeypatch, caplog
):
    def published_in_milvus():
        made = snapshot_of(*TITLES, kind="milvus", milvus=milvus)
        return load_snapshot(publish(made, tmp_path, milvus), hashing, milvus).resources

    monkeypatch.setattr("models.snapshots.snapshot.sync", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):  # as if killed when all but the name was written
        published_in_milvus()
    (partial,) = tmp_path.glob(".partial-*")
    never = load_index(partial / "resources.faiss", ["r0", "r1"], milvus)
    monkeypatch.undo()
    indexes = [published_in_milvus() for _ in range(3)]
    assert not list(tmp_path.glob(".partial-*"))
    for gone in (never, indexes[0]):
        with pytest.raises(UnavailableError, match="no collection"):
            gone.vectors(np.array([0]))
    rows, _ = indexes[1].search(hashing.encode(["Rivers"]), 1)
    assert indexes[1].ids[rows[0, 0]] == "r1"

    publish(snapshot_of(*TITLES), tmp_path)  # which no setting tells of Milvus
    assert "GATEWAYS_MILVUS" in caplog.text
    assert list(tmp_path.glob(".partial-*"))  # which says what there is to drop
    assert len(indexes[1].vectors(np.array([0]))) == 1
    publish(snapshot_of(*TITLES), tmp_path, milvus)
    assert not list(tmp_path.glob(".partial-*"))
    with pytest.raises(UnavailableError, match="no collection"):
        indexes[1].vectors(np.array([0]))


def test_an_index_copied_elsewhere_is_loaded_there(tmp_path, snapshot_of, hashing):
    publish(snapshot_of(*TITLES), tmp_path / "here")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    shutil.rmtree(tmp_path / "here")
    assert len(open_current(tmp_path / "there", hashing).entries) == len(TITLES)


def test_a_manifest_of_before_there_were_backends_means_torch(tmp_path, snapshot_of, hashing):
    folder = publish(snapshot_of(*TITLES), tmp_path)
    stated = json.loads((folder / "manifest.json").read_text())
    assert stated.pop("backend") == "torch"
    (folder / "manifest.json").write_text(json.dumps(stated))
    assert load_snapshot(folder, hashing).manifest.backend == "torch"
