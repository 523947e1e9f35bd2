"""Promote and roll back under load: no request fails, and no answer is mixed."""

import json
import sys
import threading
import time
from dataclasses import dataclass

import httpx
import pytest

from models.alignment.aligner import Aligner
from models.encoders.loading import load_encoder
from models.snapshots.manifest import published
from models.snapshots.snapshot import load_snapshot
from models.suggestion import Query
from tests.pages.program import free_port
from tests.patience import PATIENCE, until
from training.registry.store import Registry

pytestmark = pytest.mark.slow

CLIENTS = 2
TITLES = [
    f"{verb} {noun}"
    for verb in ("add", "draw", "name", "find")
    for noun in ("fractions", "a map", "the moon", "an animal", "verbs", "a square")
]
ASKED = ("what the moon looks like", "half of a square", "a map of an island", "names of verbs")


@dataclass(frozen=True)
class Answer:
    """What a client got, and how long it waited."""

    status: int
    asked: str
    body: dict
    began: float
    seconds: float

    @property
    def pair(self):
        return self.body["model"], self.body["index"]

    @property
    def ranking(self):
        return [(item["outcome"]["id"], item["score"]) for item in self.body["items"]]


class Load:
    """Clients that ask all the time, one suggestion after the other."""

    def __init__(self, url):
        self.answers, self.failures = [], []
        self._url, self._over = url, threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(CLIENTS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number):
        with httpx.Client(base_url=self._url, timeout=PATIENCE) as client:
            while not self._over.is_set():
                asked = ASKED[number % len(ASKED)]
                number += 1
                began = time.monotonic()
                try:
                    response = client.post("/v1/suggestions", json={"text": asked, "k": 5})
                except httpx.HTTPError as error:
                    self.failures.append(error)
                    continue
                seconds = time.monotonic() - began
                self.answers.append(
                    Answer(response.status_code, asked, response.json(), began, seconds)
                )

    def until(self, index):
        """Wait until an answer comes from this index."""
        until(lambda: self.answers[-1].body.get("index") == index, lambda: self.answers[-1])


@pytest.fixture
def registered(program, bundle_of):
    """Two versions in the registry of a workspace with a catalogue."""
    # Nobody reads the server's log, and a full pipe would stop it.
    program.settings = {"GATEWAYS_ENCODER": "auto", "GATEWAYS_LOG_LEVEL": "WARNING"}
    registry = Registry(program.home / "registry")
    for name, seed in (("first", 1), ("second", 2)):
        registry.register(
            bundle_of(name, seed), dataset=name, parameters={}, metrics={}, code="test"
        )
    folder = program.home.parent / "dataset"
    folder.mkdir()
    rows = [{"id": title, "framework": "f", "title": title, "language": "en"} for title in TITLES]
    (folder / "outcomes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    program.run("import", folder)
    return program


def test_a_promotion_and_a_rollback_under_load_fail_no_request_and_mix_no_answer(
    registered, capsys
):
    program = registered
    promote(program, "first")
    first = json.loads(program.run("index", "--json").stdout)["index"]
    server = program.serve(port := free_port())
    took = []
    try:
        with Load(f"http://127.0.0.1:{port}") as load:
            time.sleep(2)
            until(lambda: load.answers, lambda: load.failures)
            quiet = slowest(load.answers, 0)
            for step, change in (
                ("promote", lambda: promote(program, "second")),
                ("rollback", lambda: rollback(program)),
            ):
                began = time.monotonic()
                load.until(change())
                took.append((step, time.monotonic() - began, slowest(load.answers, began)))
    finally:
        server.terminate()
    _, err = server.communicate(timeout=PATIENCE)

    assert load.failures == []
    assert {answer.status for answer in load.answers} == {200}
    own = own_rankings(program.home)
    assert len(own) == 2
    assert {answer.pair for answer in load.answers} == set(own)
    assert first in {index for _, index in own}
    for asked in ASKED:
        one, other = ([name for name, _ in rankings[asked]] for rankings in own.values())
        assert one != other
    for answer in load.answers:
        expected = own[answer.pair][answer.asked]
        assert [name for name, _ in answer.ranking] == [name for name, _ in expected]
        for (_, score), (_, own_score) in zip(answer.ranking, expected, strict=True):
            assert score == pytest.approx(own_score, abs=0.02)
    assert "Traceback" not in err
    with capsys.disabled():
        sys.stdout.write(f"\n{len(load.answers)} answers, before a change {quiet:.2f} s at most\n")
        for step, seconds, longest in took:
            sys.stdout.write(f"{step}: in use after {seconds:.1f} s, {longest:.2f} s at most\n")


def promote(program, name):
    out = program.run(
        "models", "promote", name, "--force", "--reason", "no report", "--json"
    ).stdout
    return json.loads(out)["index"]


def rollback(program):
    return json.loads(program.run("models", "rollback", "--json").stdout)["index"]


def own_rankings(home):
    """Model and index → what each question gets from the two of them and nothing else."""
    found = {}
    for folder in published(home / "snapshots"):
        name = json.loads((folder / "manifest.json").read_text())["encoder"]
        encoder = load_encoder(name, home / "models")
        aligner = Aligner(load_snapshot(folder, encoder), encoder)
        manifest = aligner.snapshot.manifest
        found[manifest.model, manifest.id] = {asked: ranking(aligner, asked) for asked in ASKED}
    return found


def ranking(aligner, asked):
    query = Query(text=asked)
    answer = aligner.rank(query, aligner.encode([query])[0], k=5)
    return [(item.outcome, item.score) for item in answer.suggestions]


def slowest(answers, since):
    return max((answer.seconds for answer in answers if answer.began >= since), default=0.0)
