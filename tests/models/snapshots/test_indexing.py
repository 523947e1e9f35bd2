import numpy as np

from data.records import Outcome, Resource
from models.snapshots.indexing import build, inherited_levels, outcome_entries
from models.text import TEXT_VERSION


def outcome(name, parent=None, **fields):
    return Outcome(id=name, framework="f", title=name.title(), parent=parent, **fields)


TREE = [
    outcome("number", levels=("3", "4"), assignable=False),
    outcome("fractions", "number", assignable=False),
    outcome("compare fractions", "fractions", description="Say which is more."),
    outcome("add fractions", "fractions", levels=("5",)),
]
BY_ID = {found.id: found for found in TREE}


def test_headings_are_no_candidates_but_give_the_paths():
    entries = outcome_entries(TREE)
    assert [entry.outcome.id for entry in entries] == ["compare fractions", "add fractions"]
    assert entries[0].path == ("Number", "Fractions", "Compare Fractions")


def test_levels_are_an_outcomes_own_or_those_of_its_nearest_ancestor():
    assert inherited_levels(BY_ID["add fractions"], BY_ID) == ("5",)
    assert inherited_levels(BY_ID["compare fractions"], BY_ID) == ("3", "4")
    assert inherited_levels(outcome("alone"), {}) == ()


def test_levels_are_looked_for_in_a_cycle_only_once():
    loop = {"a": outcome("a", "b"), "b": outcome("b", "a")}
    assert inherited_levels(loop["a"], loop) == ()


def test_a_snapshot_holds_outcomes_by_meaning_and_words_and_resources(hashing, confidence):
    resources = [Resource(id="r1", title="Add fractions"), Resource(id="r2", title="Rivers")]
    told = []
    snapshot = build(
        TREE,
        resources,
        hashing,
        confidence=confidence,
        revision=7,
        frameworks={"f": "abc"},
        progress=told.append,
    )
    assert list(snapshot.outcomes.ids) == ["compare fractions", "add fractions"]
    assert list(snapshot.resources.ids) == ["r1", "r2"]
    expected = hashing.encode(["Number › Fractions › Add Fractions", "Add fractions"])
    assert np.allclose(snapshot.outcomes.vectors(np.array([1])), expected[:1])
    assert np.allclose(snapshot.resources.vectors(np.array([0])), expected[1:])
    assert snapshot.lexical.scores("add").argmax() == 1
    assert sum(told) == 4
    manifest = snapshot.manifest
    assert (manifest.revision, manifest.frameworks) == (7, {"f": "abc"})
    assert (manifest.outcomes, manifest.resources) == (2, 2)
    assert (manifest.encoder, manifest.encoder_fingerprint) == ("hashing", hashing.fingerprint)
    assert (manifest.dimension, manifest.text_version) == (hashing.dimension, TEXT_VERSION)


def test_nothing_to_index_gives_an_empty_snapshot(hashing, confidence):
    snapshot = build([TREE[0]], [], hashing, confidence=confidence)
    assert (len(snapshot.entries), len(snapshot.outcomes.ids)) == (0, 0)
    assert snapshot.outcomes.search(hashing.encode(["x"]), 3)[0].tolist() == [[-1, -1, -1]]
