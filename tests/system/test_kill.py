"""SIGKILL at random moments: the next start works, and nothing that was acknowledged is lost."""

import csv
import itertools
import json
import random
import shutil
import threading
from pathlib import Path

import httpx
import pytest

from models.encoders.loading import load_encoder
from models.snapshots.manifest import published
from models.snapshots.snapshot import load_snapshot
from tests.pages.program import free_port
from tests.patience import PATIENCE, until

pytestmark = pytest.mark.slow

OUTCOMES = 300
RESOURCES = 4000


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset folder large enough that a kill finds the import at work."""
    folder = tmp_path_factory.mktemp("dataset")
    root = {"id": "root", "framework": "f", "title": "Root", "assignable": False}
    outcome = {"framework": "f", "parent": "root", "language": "en"}
    outcomes = [{**outcome, "id": f"o{n}", "title": f"Outcome {n}"} for n in range(OUTCOMES)]
    resource = {"language": "en", "text": "Some words about it. " * 20}
    resources = [{**resource, "id": f"r{n}", "title": f"Resource {n}"} for n in range(RESOURCES)]
    _write_lines(folder / "outcomes.jsonl", [root, *outcomes])
    _write_lines(folder / "resources.jsonl", resources)
    rows = "".join(f"r{n},o{n % OUTCOMES},teaches,train\n" for n in range(RESOURCES))
    (folder / "alignments.csv").write_text("resource,outcome,relation,split\n" + rows)
    return folder


@pytest.mark.parametrize("seed", range(4))
def test_an_import_killed_anywhere_is_finished_by_the_next_one(
    seed: int, program, dataset: Path
) -> None:
    program.kill_after(random.Random(seed).uniform(0.4, 2.0), "import", dataset)

    program.run("import", dataset)
    counts = json.loads(program.run("status", "--json").stdout)["catalogue"]
    again = json.loads(program.run("import", dataset, "--json").stdout)

    assert counts["outcomes"] == OUTCOMES + 1
    assert counts["resources"] == counts["alignments"] == RESOURCES
    assert all(kind["new"] == kind["changed"] == 0 for kind in again["counts"].values())


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, program_on, dataset: Path) -> Path:
    """A workspace that has it, to be copied."""
    home = tmp_path_factory.mktemp("imported") / "home"
    program_on(home).run("import", dataset)
    return home


@pytest.mark.parametrize("seed", range(3))
def test_no_acknowledged_decision_is_lost(seed: int, program, imported: Path) -> None:
    shutil.copytree(imported, program.home)
    acknowledged: list[tuple[str, str]] = []
    server = program.serve(port := free_port())
    client = threading.Thread(target=_decide_until_refused, args=(port, acknowledged))
    client.start()
    until(lambda: acknowledged or server.poll() is not None)
    assert acknowledged, server.communicate()
    client.join(timeout=random.Random(seed).uniform(0.0, 1.0))
    server.kill()
    server.communicate()
    client.join()

    kept = _decided(program)

    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + 1  # the one under way may have been kept, too


def test_an_index_killed_anywhere_is_finished_by_the_next_one(program, tmp_path: Path) -> None:
    resources = [
        {"id": f"r{n}", "title": f"Fractions of {n}", "language": "en"} for n in range(300)
    ]
    outcomes = [
        {"id": f"o{n}", "framework": "f", "title": f"Fractions {n}", "language": "en"}
        for n in range(50)
    ]
    folder = tmp_path / "small"
    folder.mkdir()
    _write_lines(folder / "resources.jsonl", resources[:100])
    _write_lines(folder / "outcomes.jsonl", outcomes)
    program.run("import", folder)
    before = json.loads(program.run("index", "--json").stdout)["index"]
    _write_lines(folder / "resources.jsonl", resources)
    program.run("import", folder)

    encoder = load_encoder("minilm", program.home / "models")
    for seed in range(4):
        program.kill_after(random.Random(seed).uniform(3, 7), "index", "--rebuild")
        newest = load_snapshot(published(program.home / "snapshots")[0], encoder)
        assert newest.manifest.id >= before

    program.run("index")
    found = json.loads(program.run("suggest", "--text", "Fractions 7", "--json").stdout)
    assert found["items"][0]["outcome"]["id"] == "o7"
    assert json.loads(program.run("status", "--json").stdout)["index"]["up_to_date"]


def _write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _decide_until_refused(port: int, acknowledged: list[tuple[str, str]]) -> None:
    pairs = itertools.product(range(RESOURCES), range(OUTCOMES))
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
        for resource, outcome in pairs:
            pair = (f"r{resource}", f"o{outcome}")
            body = {"resource_id": pair[0], "outcome_id": pair[1], "decision": "accept"}
            try:
                answer = client.post("/v1/decisions", json=body)
            except httpx.TransportError:
                return
            assert answer.status_code == 201, answer.text
            acknowledged.append(pair)


def _decided(program) -> set[tuple[str, str]]:
    out = program.home.parent / "decisions.csv"
    program.run("export", out, "--what", "decisions")
    with out.open(encoding="utf-8", newline="") as rows:
        return {(row["resource"], row["outcome"]) for row in csv.DictReader(rows)}
