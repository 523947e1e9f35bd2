import numpy as np
import pytest

from data.records import Outcome, Resource
from models.entry import Entry
from training.examples import examples_of, outcome_view, resource_view
from training.labelled import Labelled


def test_resources_stand_with_what_they_teach_and_untaught_outcomes_are_left_out(entries):
    resources = [Resource(id="r1", title="One"), Resource(id="r2", title="Two")]
    gold = {"r1": frozenset({"graph"}), "r2": frozenset({"graph", "chord"})}
    found = examples_of(entries, Labelled(resources=resources, gold=gold))
    assert [entry.outcome.id for entry in found.entries] == ["graph", "chord"]
    assert [[one.id for one in each] for each in found.resources] == [["r1", "r2"], ["r2"]]
    assert found.places == {"r1": {0}, "r2": {0, 1}}
    assert len(found) == 3


def test_a_resource_is_seen_in_all_its_forms():
    resource = Resource(id="r", title="Halves", description="Cut it.", text="Two parts.")
    generator = np.random.default_rng(0)
    seen = {resource_view(resource, generator) for _ in range(200)}
    assert seen == {"Halves", "Halves\nCut it.", "Halves\nCut it.\nTwo parts."}


def test_an_outcome_is_seen_in_all_its_forms():
    outcome = Outcome(id="o", framework="f", title="Halves", description="Know them.")
    entry = Entry(outcome, ("Number", "Halves"), ())
    generator = np.random.default_rng(0)
    seen = {outcome_view(entry, generator) for _ in range(200)}
    assert seen == {"Halves\nKnow them.", "Number › Halves", "Number › Halves\nKnow them."}


@pytest.mark.parametrize("view", [resource_view, outcome_view])
def test_the_same_seed_gives_the_same_forms(view, entries):
    thing = entries[0] if view is outcome_view else Resource(id="r", title="a", text="b")
    drawn = [[view(thing, np.random.default_rng(3)) for _ in range(2)] for _ in range(2)]
    assert drawn[0] == drawn[1]
