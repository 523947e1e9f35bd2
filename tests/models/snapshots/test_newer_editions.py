"""What an index or a model was made without."""

from pathlib import Path

from data.records import Framework
from models.bundles.bundle import Bundle
from models.snapshots.newer_editions import NewerEdition, beyond, learned_from

NEWER = {"f-2024": ("f-2026",), "g": ()}


def test_a_newer_edition_counts_until_it_is_in(tmp_path):
    assert beyond({"f-2024", "g"}, NEWER) == [NewerEdition(framework="f-2024", newer="f-2026")]
    assert beyond({"f-2024", "f-2026"}, NEWER) == []


def test_a_model_learned_from_the_frameworks_that_it_names_else_from_those_of_its_dataset():
    frameworks = [
        Framework(id="f-2024", dataset="isles", title="F"),
        Framework(id="g", dataset="coast", title="G"),
    ]
    about = {"folder": Path(), "base": "e5", "trained_on": "isles", "created": "2026-01-01"}
    assert learned_from(Bundle(**about), frameworks) == {"f-2024"}
    assert learned_from(Bundle(**about, frameworks=["g"]), frameworks) == {"g"}
