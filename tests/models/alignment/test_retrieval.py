from zlib import crc32

import numpy as np
import pytest

import models.alignment.retrieval
from data.records import Outcome, Resource
from models.alignment.facets import Facets
from models.alignment.retrieval import Retrieval
from models.ranking.accepted import AcceptedRows
from models.ranking.features import Features
from models.ranking.neighbours import Neighbours
from models.snapshots.indexing import build
from models.suggestion import Query

QUERY = "query zyx"
# Where each text lies: near the query, near what its neighbours have in common, elsewhere.
PLACES = {
    QUERY: (1, 0, 0, 0),
    "words zyx": (0, 0, 1, 0),
    "shared": (0.5, 1, 0, 0),
    "voted": (0, 0, 1, 0),
    "alike": (0.1, 0, 1, 0),
    "unknown to all": (0, 0, 1, 0),
    "neighbour": (1, 0.5, 0, 0),
    "stranger": (0.5, 1, 0, 0),
    "accepted": (0.6, 0, 1, 0),
}
CROWD = 40


class Placed:
    """An Encoder that knows where each text lies; all others are a crowd near the query."""

    name, fingerprint, dimension, languages = "placed", "placed", 4, frozenset()
    backend = "torch"

    def encode(self, texts, progress=None):  # noqa: ARG002
        places = [
            PLACES.get(text, (0.9, 0, 0.1 + crc32(text.encode()) % 7 / 70, 1.5)) for text in texts
        ]
        vectors = np.array(places, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


OUTCOMES = [
    *(Outcome(id=f"crowd {n}", framework="f", title=f"crowd {n}") for n in range(CROWD)),
    Outcome(id="words", framework="f", title="words zyx"),
    Outcome(id="shared", framework="f", title="shared"),
    Outcome(id="voted", framework="f", title="voted"),
    Outcome(id="alike", framework="f", title="alike", subject="Art", levels=("4",)),
    Outcome(id="unknown", framework="f", title="unknown to all", subject="Art", levels=("5",)),
]


@pytest.fixture
def found(confidence, monkeypatch):
    """Ids, best first, that the open roads find for QUERY in a framework larger than DEPTH."""
    monkeypatch.setattr(models.alignment.retrieval, "DEPTH", 5)
    monkeypatch.setattr(models.alignment.retrieval, "ALIKE", 3)

    def retrieved(text=QUERY, *, neighbour="neighbour", accepted=True, query=None, also=()):
        known = [Resource(id="n", title=neighbour)] * bool(neighbour)
        known += [Resource(id="a", title="accepted")] * accepted
        snapshot = build(OUTCOMES, known, Placed(), confidence=confidence)
        row = next(row for row, one in enumerate(snapshot.entries) if one.outcome.id == "voted")
        vector = Placed().encode([QUERY])[0]
        neighbours = Neighbours(snapshot.resources, AcceptedRows({"a": ["voted"]}, {"voted": row}))
        facets = Facets(snapshot.entries)
        (candidates,) = Retrieval(snapshot, facets.frameworks, 0.2).candidates(
            text,
            vector,
            np.ones(len(snapshot.entries), dtype=bool),
            neighbours.near(vector),
            Features(snapshot.entries).alike(query) if query else None,
            also=[row for row, one in enumerate(snapshot.entries) if one.outcome.id in also],
        )
        assert candidates.size == len(OUTCOMES)
        assert (np.diff(candidates.scores) <= 0).all()
        return {snapshot.entries[row].outcome.id: None for row in candidates.rows}.keys()

    return retrieved


ALIKE = Query(text=QUERY, subject="art", levels=("4",))


def test_each_road_brings_what_no_other_does(found):
    everything = found(query=ALIKE)
    brought = {"words", "shared", "voted", "alike"}
    assert brought <= everything
    assert "unknown" not in everything
    assert everything - found("query", query=ALIKE) == {"words"}
    assert "shared" not in found(neighbour="", query=ALIKE)
    assert everything - found(accepted=False, query=ALIKE) == {"voted"}
    assert everything - found() == {"alike"}


def test_what_is_named_is_a_candidate_however_far_it_is(found):
    assert found(also={"unknown"}) - found() == {"unknown"}


def test_a_framework_that_is_not_larger_is_a_candidate_as_a_whole(found, monkeypatch):
    monkeypatch.setattr(models.alignment.retrieval, "DEPTH", len(OUTCOMES))
    assert found("query") == {outcome.id for outcome in OUTCOMES}


def test_what_neighbours_share_moves_towards_the_front(found, monkeypatch):
    monkeypatch.setattr(models.alignment.retrieval, "DEPTH", len(OUTCOMES))
    with_it, without = list(found("query")), list(found("query", neighbour=""))
    assert with_it.index("shared") < without.index("shared")


def test_a_resource_that_is_farther_from_the_query_than_outcomes_are_lends_nothing(found):
    assert "shared" in found()
    assert found(neighbour="stranger") == found(neighbour="")
