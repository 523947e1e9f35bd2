"""A workspace with something in each of its places."""

import json
import sqlite3
from contextlib import closing

import pytest

from data.catalogue import Catalogue
from data.importing.importer import import_document
from data.records import (
    Alignment,
    Decision,
    Event,
    Interaction,
    Outcome,
    RejectionReason,
    Resource,
    Verdict,
)
from data.settings import load_settings


@pytest.fixture
def settings_in(tmp_path, request):
    """Settings of a workspace of this name, whose catalogue is where the test says."""

    def made(name, database_url=None):
        home = tmp_path / name
        return load_settings(home=home, database_url=database_url)

    return made


@pytest.fixture
def filled(document):
    """Put records, decisions and interactions into a catalogue, and files into its workspace."""

    def fill(settings):
        with Catalogue.open(settings.catalogue_url) as catalogue:
            import_document(
                catalogue,
                document(
                    Outcome(id="a", framework="f", title="Números", levels=("Year 1",)),
                    Outcome(id="b", framework="f", title="Fractions", position=2**40),
                    Resource(id="r", title="Halves", extra={"nested": [1, None, "ü"]}),
                    Alignment(resource="r", outcome="b"),
                ),
            )
            said = {"resource": "r", "curator": "ann"}
            decide = catalogue.ledger.decide
            decide(Decision(outcome="a", verdict=Verdict.ACCEPT, time=1.5, **said))
            reason = RejectionReason.TOO_BASIC
            made = decide(
                Decision(outcome="b", verdict=Verdict.REJECT, reason=reason, time=2.5, **said)
            )
            catalogue.ledger.undo(made.id, "bob", 3.5)
            did = Interaction(learner="l", resource="r", time=4.0, event=Event.COMPLETED, score=0.5)
            catalogue.interactions.add([("c1", did)])
        home = settings.home
        for name in ("snapshots/one", "models/released/1-x", "models/e5", "vectors", "lti"):
            (home / name).mkdir(parents=True, exist_ok=True)
            (home / name / "file").write_bytes(name.encode() * 1000)
        (home / "snapshots" / "current").write_text("one")
        (home / "snapshots" / ".partial-x").mkdir()
        (home / "snapshots" / ".partial-x" / "half").write_text("half")
        (home / "evidence").mkdir()
        (home / "evidence" / "secret").write_text("noise")
        (home / "evidence" / "report.json").write_text(json.dumps({"of": "learners"}))
        (home / "gateways.toml").write_text('port = 9000\napi_key = "hidden"\n')
        (home / "registry").mkdir()
        with closing(sqlite3.connect(home / "registry" / "mlflow.db")) as store:
            store.execute("PRAGMA journal_mode = WAL")
            store.execute("CREATE TABLE runs (id TEXT)")
            store.execute("INSERT INTO runs VALUES ('one')")
            store.commit()

    return fill


@pytest.fixture
def content_of():
    """All that is in a catalogue, as a person or a program would ask for it."""

    def content(url):
        with Catalogue.open(url) as catalogue:
            return {
                "counts": catalogue.counts(),
                "decisions": list(catalogue.ledger.page().items),
                "interactions": catalogue.interactions.of_learner("l"),
                "outcomes": list(catalogue.outcomes.live()),
                "resources": list(catalogue.resources.live()),
                "alignments": list(catalogue.alignments.live()),
                "revision": catalogue.teaching_mark(),
            }

    return content
