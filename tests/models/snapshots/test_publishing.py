import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.catalogue.outcomes import Outcomes
from data.catalogue.servers import GONE_SECONDS, Server
from data.errors import GatewaysError
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions
from data.importing.importer import import_document
from data.records import Decision, Verdict
from data.settings import load_settings
from models.bundles.bundle import CONFIDENCE, RANKER, Bundle, read_bundle, write_manifest
from models.bundles.named import E5_OAK, SHIPPED
from models.bundles.released import Change, encoder_name, record, release
from models.snapshots.manifest import published
from models.snapshots.open import open_serving
from models.snapshots.publishing import index_catalogue
from models.snapshots.status import workspace_status

pytestmark = pytest.mark.usefixtures("loaded_once")

ROOT = Path(__file__).parents[3]

OUTCOMES = [
    {"id": "n", "framework": "f", "title": "Number", "language": "en", "assignable": False},
    {"id": "add", "framework": "f", "parent": "n", "title": "Add fractions", "language": "en"},
    {"id": "water", "framework": "f", "title": "The water cycle", "language": "en"},
]
RESOURCES = [{"id": "r1", "title": "Adding fractions", "language": "en"}]


def jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def settings(tmp_path):
    return load_settings(home=tmp_path / "home")


@pytest.fixture
def take_in(settings, dataset_folder):
    def imported(outcomes=OUTCOMES, resources=RESOURCES):
        folder = dataset_folder(outcomes=jsonl(outcomes), resources=jsonl(resources))
        with Catalogue.open(settings.catalogue_url) as catalogue:
            import_document(catalogue, DatasetFolder().open(folder, ReadOptions()))

    return imported


def titles(settings):
    snapshot, _ = open_serving(settings)
    return [entry.path for entry in snapshot.entries]


def test_an_index_of_the_catalogue_is_published_with_its_revision(settings, take_in):
    take_in()
    manifest, made = index_catalogue(settings)
    assert made
    assert (manifest.outcomes, manifest.resources, manifest.encoder) == (2, 1, "minilm")
    assert list(manifest.frameworks) == ["f"]
    assert manifest.frameworks["f"]
    assert sorted(titles(settings)) == [("Number", "Add fractions"), ("The water cycle",)]


def serving(index, seen):
    fields = {"host": "there", "port": 1, "model": "m", "why": None}
    return Server(id="a", index=index, seen=seen, **fields)


def test_what_another_process_serves_stays_until_that_is_gone(settings, take_in):
    take_in()
    folders = settings.home / "snapshots"
    first = index_catalogue(settings)[0].id
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.servers.report(serving(first, time.time()))
        for _ in range(2):
            index_catalogue(settings, rebuild=True)
        assert first in [folder.name for folder in published(folders)]
        catalogue.servers.report(serving(first, time.time() - GONE_SECONDS - 1))
    index_catalogue(settings, rebuild=True)
    assert first not in [folder.name for folder in published(folders)]
    assert len(published(folders)) == 2


@pytest.mark.parametrize("kind", ["hnsw", "ivfpq"])
def test_new_resources_join_the_index_that_is_there(settings, take_in, kind):
    wanted = settings.model_copy(update={"index": kind})
    take_in()
    index_catalogue(wanted)
    before = open_serving(wanted)[0].resources
    take_in(resources=[*RESOURCES, {"id": "r2", "title": "Rivers", "language": "en"}])
    index_catalogue(wanted)
    after = open_serving(wanted)[0].resources
    assert type(after) is type(before)
    assert [list(index.ids) for index in (before, after)] == [["r1"], ["r1", "r2"]]


def test_where_nothing_has_changed_the_index_stays_unless_it_is_to_be_made_anew(settings, take_in):
    take_in()
    first, _ = index_catalogue(settings)
    take_in()
    assert index_catalogue(settings) == (first, False)
    again, made = index_catalogue(settings, rebuild=True)
    assert made
    assert again.id != first.id


def test_another_kind_of_index_is_made_where_nothing_else_has_changed(settings, take_in, milvus):
    take_in()
    graph = settings.model_copy(update={"index": "hnsw"})
    there = settings.model_copy(update={"index": "milvus", "milvus": milvus.address})
    first, _ = index_catalogue(settings)
    assert index_catalogue(graph)[1]
    assert not index_catalogue(graph)[1]
    assert index_catalogue(settings) == (first, False)
    assert index_catalogue(there)[1]
    assert not index_catalogue(there)[1]


def test_to_see_that_nothing_has_changed_takes_no_torch(settings, take_in):
    take_in()
    (settings.home / "gateways.toml").write_text('encoder = "minilm"')
    index_catalogue(settings)
    code = (
        "import sys; from pathlib import Path; from data.settings import load_settings;"
        "from models.snapshots.publishing import index_catalogue;"
        "print(index_catalogue(load_settings(home=Path(sys.argv[1])))[1], 'torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(settings.home)]
    other = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert other.stdout.split() == ["False", "False"]


def test_a_changed_text_is_in_the_next_index(settings, take_in):
    take_in()
    index_catalogue(settings)
    take_in([*OUTCOMES[:2], {**OUTCOMES[2], "title": "Rain"}])
    _, made = index_catalogue(settings)
    assert made
    assert ("Rain",) in titles(settings)


def test_an_import_while_the_catalogue_is_read_is_noticed_afterwards(
    settings, take_in, monkeypatch
):
    take_in()
    live = Outcomes.live

    def changed_meanwhile(outcomes):
        found = live(outcomes)
        take_in([*OUTCOMES[:2], {**OUTCOMES[2], "title": "Rain"}])
        return found

    monkeypatch.setattr(Outcomes, "live", changed_meanwhile)
    manifest, _ = index_catalogue(settings)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        assert manifest.revision < catalogue.revision()
        assert manifest.frameworks["f"] != catalogue.frameworks.get("f").fingerprint


@pytest.fixture
def bundle(tmp_path, tiny_folder, confidence):
    """Write a bundle over the tiny encoder, with a confidence of its own; settings that name it."""

    def made(ranker=None, **weights):
        folder = tmp_path / "bundle"
        folder.mkdir(exist_ok=True)
        if ranker is not None:
            (folder / RANKER).write_bytes(ranker.packed)
        replace(confidence, **weights).write(folder / CONFIDENCE)
        about = {"base": str(tiny_folder), "trained_on": "d", "created": "2026-01-01"}
        write_manifest(Bundle(folder=folder, **about))
        return load_settings(home=tmp_path / "home", encoder=str(folder))

    return made


def test_another_confidence_is_in_the_next_index(bundle, take_in):
    take_in()
    index_catalogue(bundle(bias=-2.0))
    assert not index_catalogue(bundle(bias=-2.0))[1]
    settings = bundle(bias=-3.0)
    assert index_catalogue(settings)[1]
    assert open_serving(settings)[0].confidence.bias == -3.0


def test_another_ranker_is_in_the_next_index(bundle, take_in, ranker):
    take_in()
    index_catalogue(bundle())
    settings = bundle(ranker)
    assert index_catalogue(settings)[1]
    assert open_serving(settings)[0].ranker.fingerprint == ranker.fingerprint
    assert not index_catalogue(settings)[1]


def test_what_was_accepted_is_in_the_next_index(bundle, take_in):
    take_in()
    settings = bundle()

    def decide(verdict):
        about = {"resource": "r1", "outcome": "add", "curator": "ann", "time": 1.0}
        with Catalogue.open(settings.catalogue_url) as catalogue:
            catalogue.ledger.decide(Decision(verdict=verdict, **about))

    def accepted():
        return open_serving(settings)[0].accepted

    index_catalogue(settings)
    assert accepted() == {}
    decide(Verdict.ACCEPT)
    assert index_catalogue(settings)[1]
    assert accepted() == {"r1": ["add"]}
    assert not index_catalogue(settings)[1]
    decide(Verdict.UNDO)
    index_catalogue(settings)
    assert accepted() == {}


def test_what_a_resource_requires_it_is_not_accepted_for(bundle, dataset_folder):
    settings = bundle()
    rows = "resource,outcome,relation\nr1,add,requires\nr1,water,assesses\n"
    folder = dataset_folder(outcomes=jsonl(OUTCOMES), resources=jsonl(RESOURCES), alignments=rows)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        import_document(catalogue, DatasetFolder().open(folder, ReadOptions()))
    index_catalogue(settings)
    assert open_serving(settings)[0].accepted == {"r1": ["water"]}


def test_a_damaged_index_is_made_anew(settings, take_in):
    take_in()
    first, _ = index_catalogue(settings)
    folder = published(settings.home / "snapshots")[0]
    (folder / "outcomes.faiss").write_bytes(b"")
    second, made = index_catalogue(settings)
    assert made
    assert second.id != first.id
    assert len(titles(settings)) == 2


def test_a_catalogue_without_outcomes_names_the_command_that_brings_some(settings, take_in):
    with pytest.raises(GatewaysError, match="gateways import PATH"):
        index_catalogue(settings)
    take_in(OUTCOMES[:1])
    with pytest.raises(GatewaysError, match="no outcome to align to"):
        index_catalogue(settings)


def test_an_index_of_another_than_the_champion_is_not_up_to_date(settings, take_in, bundle_of):
    take_in()
    index_catalogue(settings)
    models = settings.home / "models"
    made = release(bundle_of("first", 1), models, "1")
    change = {"version": "1", "folder": made.folder, "time": "2026-01-01"}
    record(models, Change(action="promote", **change))
    assert workspace_status(settings)["index"]["up_to_date"] is False
    index_catalogue(settings)
    found = workspace_status(settings)["index"]
    assert found["up_to_date"] is True
    assert found["model"].startswith(f"{made.folder}-")
    shipped = settings.model_copy(update={"encoder": "shipped"})
    assert workspace_status(shipped)["index"]["up_to_date"] is False


def test_an_index_of_the_same_model_by_another_name_is_up_to_date(tmp_path, take_in, bundle_of):
    take_in()
    first = bundle_of("first", 1)
    copy = replace(read_bundle(shutil.copytree(first, tmp_path / "copy")), created="2026-02-02")
    write_manifest(copy)
    by_name = load_settings(home=tmp_path / "home", encoder=str(first))
    made, _ = index_catalogue(by_name)
    champion = load_settings(home=tmp_path / "home")
    released = release(copy.folder, champion.home / "models", "1")
    change = {"version": "1", "folder": released.folder, "time": "2026-01-01"}
    record(champion.home / "models", Change(action="promote", **change))
    assert index_catalogue(champion) == (made, False)
    assert workspace_status(champion)["index"]["up_to_date"] is True
    unknown = champion.model_copy(update={"encoder": "no-such-model"})
    assert workspace_status(unknown)["index"]["up_to_date"] is False
    other = champion.model_copy(update={"encoder": str(bundle_of("second", 2))})
    assert workspace_status(other)["index"]["up_to_date"] is False


def test_an_index_of_a_copy_of_what_ships_is_up_to_date_after_a_rollback(settings, take_in):
    take_in()
    index_catalogue(settings)
    models = settings.home / "models"
    copy = release(SHIPPED / E5_OAK, models, "1")
    index_catalogue(settings.model_copy(update={"encoder": encoder_name(copy, models)}))
    assert workspace_status(settings)["index"]["up_to_date"] is True


def test_status_says_what_is_there_and_whether_the_index_is_up_to_date(settings, take_in):
    settings = settings.model_copy(update={"encoder": "minilm"})
    before = workspace_status(settings)
    assert (before["index"], before["frameworks"]) == (None, [])
    take_in()
    manifest, _ = index_catalogue(settings)
    found = workspace_status(settings)
    assert found["catalogue"]["outcomes"] == 3
    assert found["catalogue"]["resources"] == 1
    (framework,) = found["frameworks"]
    assert framework == {"id": "f", "title": "Number", "language": "en", "newer_editions": []}
    assert found["index"]["id"] == manifest.id
    assert found["index"]["created"] == manifest.created
    assert found["index"]["up_to_date"] is True
    take_in(resources=[{**RESOURCES[0], "title": "Changed"}])
    assert workspace_status(settings)["index"]["up_to_date"] is False


def test_an_index_of_another_kind_than_the_one_wanted_is_not_up_to_date(settings, take_in):
    take_in()
    assert index_catalogue(settings)[0].index == "flat"
    other = settings.model_copy(update={"index": "hnsw", "encoder": "minilm"})
    assert workspace_status(other)["index"]["up_to_date"] is False
    assert index_catalogue(other)[0].index == "hnsw"
    assert workspace_status(other)["index"]["up_to_date"] is True


def test_another_backend_makes_another_index_and_says_so(tmp_path, take_in, tiny_folder, caplog):
    take_in()
    torch, onnx, auto = (
        load_settings(home=tmp_path / "home", encoder=str(tiny_folder), backend=backend)
        for backend in ("torch", "onnx", "auto")
    )
    assert index_catalogue(torch)[0].backend == "torch"
    assert not workspace_status(onnx)["index"]["up_to_date"]
    with caplog.at_level("INFO"):
        manifest, made = index_catalogue(onnx)
    assert (manifest.backend, made) == ("onnx", True)
    assert "onnx computes the vectors from now on, not torch" in caplog.text
    assert workspace_status(onnx)["index"]["up_to_date"]
    assert workspace_status(auto)["index"]["up_to_date"]
    assert open_serving(auto)[1].backend == "onnx"


def test_resources_are_found_in_milvus_once_it_is_said_where_that_is(settings, take_in, milvus):
    take_in()
    wanting = settings.model_copy(update={"index": "milvus"})
    with pytest.raises(GatewaysError, match="GATEWAYS_MILVUS"):
        index_catalogue(wanting)
    there = wanting.model_copy(update={"milvus": milvus.address})
    index_catalogue(there)
    snapshot, encoder = open_serving(there)
    rows, _ = snapshot.resources.search(encoder.encode(["Adding fractions"]), 2)
    assert [snapshot.resources.ids[row] for row in rows[0] if row >= 0] == ["r1"]
    assert list((settings.home / "snapshots").glob("*/resources.milvus"))
    with pytest.raises(GatewaysError, match="GATEWAYS_MILVUS"):
        open_serving(settings)


def test_what_was_published_is_what_every_server_is_to_serve(settings, take_in):
    take_in()
    first, _ = index_catalogue(settings)
    assert workspace_status(settings)["wanted_index"]["index"] == first.id
    second, _ = index_catalogue(settings, rebuild=True)
    found = workspace_status(settings)
    assert (found["wanted_index"]["index"], found["servers"]) == (second.id, [])
