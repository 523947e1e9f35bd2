import json
import time
from dataclasses import replace

import pytest

from data.records import Outcome
from models.alignment.aligner import Aligner
from models.alignment.answers import showing, told
from models.snapshots.indexing import build
from models.snapshots.snapshot import load_snapshot, publish
from models.suggestion import Query

OUTCOMES = [
    Outcome(id="root", framework="f", title="Nombres et calculs", assignable=False),
    Outcome(id="add", framework="f", code="N.1", parent="root", title="Ajouter des fractions"),
    Outcome(id="plants", framework="g", title="Parts of a flower"),
]


@pytest.fixture
def aligner(tmp_path, hashing, confidence):
    frameworks = {"f": "f-fingerprint", "g": "g-fingerprint", "unused": "u"}
    sure = replace(confidence, bias=2.0)
    made = build(OUTCOMES, [], hashing, confidence=sure, frameworks=frameworks)
    return Aligner(load_snapshot(publish(made, tmp_path), hashing), hashing)


def asked(aligner, text, **options):
    query = Query(text=text)
    return aligner.rank(query, aligner.encode([query])[0], **options)


def test_the_ledger_keeps_the_list_the_model_and_the_index(aligner):
    answer = asked(aligner, "ajouter des fractions")
    before = time.time()
    kept = showing(aligner, answer, "r1")
    assert before <= kept.time <= time.time()
    assert (kept.resource, kept.index) == ("r1", aligner.snapshot.manifest.id)
    assert kept.model == aligner.snapshot.manifest.model
    assert kept.model.startswith("hashing-words-64-")
    assert kept.frameworks == {"f": "f-fingerprint", "g": "g-fingerprint"}
    for line, found in zip(kept.shown, answer.suggestions, strict=True):
        assert (line.outcome, line.rank, line.selected) == (
            found.outcome,
            found.rank,
            found.selected,
        )
        assert line.confidence == pytest.approx(found.confidence, abs=1e-4)


def test_every_showing_has_an_id_of_its_own(aligner):
    answer = asked(aligner, "fractions")
    assert showing(aligner, answer, None).id != showing(aligner, answer, None).id


def test_only_frameworks_that_are_in_the_list_are_kept(aligner):
    kept = showing(aligner, asked(aligner, "fractions", k=1), None)
    assert list(kept.frameworks) == ["f"]


def test_an_answer_is_told_as_json_with_paths_and_reasons(aligner):
    answer = asked(aligner, "Ajouter des FRACTIONS")
    kept = showing(aligner, answer, None)
    said = json.loads(json.dumps(told(aligner, answer, kept)))
    assert set(said) == {"suggestion_id", "model", "index", "abstained", "items"}
    assert (said["suggestion_id"], said["abstained"]) == (kept.id, None)
    first = said["items"][0]
    assert first["outcome"] == {
        "id": "add",
        "framework": "f",
        "code": "N.1",
        "title": "Ajouter des fractions",
        "path": ["Nombres et calculs", "Ajouter des fractions"],
    }
    assert (first["rank"], first["selected"]) == (1, True)
    assert 0 <= first["confidence"] <= 1
    assert first["reasons"][0]["kind"] == "meaning"
    assert first["reasons"][1]["words"] == ["Ajouter", "des", "FRACTIONS"]


def test_an_abstention_is_told_with_its_cause_and_what_would_help(aligner):
    answer = asked(aligner, "…")
    said = told(aligner, answer, showing(aligner, answer, None))
    assert said["items"] == []
    assert said["abstained"]["cause"] == "no text"
    assert "title or a description" in said["abstained"]["help"]
