import numpy as np
import pytest

from data.records import Outcome, Resource
from models.entry import Entry
from models.snapshots.indexing import outcome_entries
from training.encoder.examples import examples_of, outcome_view, resource_view
from training.labelled import Labelled
from training.word_lists import WordLists


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


@pytest.fixture
def two_languages():
    """One outcome in two frameworks and languages, and its kin in the first."""

    def outcome(id_, title, language):
        return Outcome(id=id_, framework=language, title=title, language=language)

    return outcome_entries(
        [
            outcome("half", "Half", "en"),
            outcome("third", "Third", "en"),
            outcome("demi", "Demi", "fr"),
        ]
    )


def test_an_outcome_is_also_seen_in_the_language_of_its_equal(two_languages):
    labelled = Labelled(
        resources=[Resource(id="r", title="r"), Resource(id="s", title="s")],
        gold={"r": frozenset({"half"}), "s": frozenset({"third"})},
    )
    same = {"half": frozenset({"demi", "third"}), "demi": frozenset({"half"})}
    found = examples_of(two_languages, labelled, same)
    seen = [
        {outcome_view(entry, np.random.default_rng(seed), others) for seed in range(40)}
        for entry, others in zip(found.entries, found.translations, strict=True)
    ]
    assert seen == [{"Half", "Demi"}, {"Third"}]


def test_what_teaches_an_outcome_is_no_negative_of_its_equals(two_languages):
    labelled = Labelled(
        resources=[Resource(id="r", title="r"), Resource(id="s", title="s")],
        gold={"r": frozenset({"half"}), "s": frozenset({"demi"})},
    )
    same = {"half": frozenset({"demi"}), "demi": frozenset({"half"})}
    assert examples_of(two_languages, labelled, same).places == {
        "r": frozenset({0, 1}),
        "s": frozenset({0, 1}),
    }


@pytest.fixture
def words(monkeypatch):
    """A list by which half and demi are each other's translation, whenever they are seen."""
    monkeypatch.setattr("training.word_lists.SWITCHED", 1.0)
    monkeypatch.setattr("training.word_lists.REPLACED", 1.0)
    return WordLists(
        {
            "en": {"fr": {"half": {("half",): ("demi",)}}},
            "fr": {"en": {"demi": {("demi",): ("half",)}}},
        }
    )


def test_words_are_translated_from_the_language_of_what_is_seen(two_languages, words):
    half, _, demi = two_languages
    generator = np.random.default_rng(0)
    assert outcome_view(half, generator, words=words) == "demi"
    assert outcome_view(demi, generator, words=words) == "half"
    for language, seen in (("en", "demi a day"), ("fr", "Half a day"), (None, "Half a day")):
        resource = Resource(id="r", title="Half a day", language=language)
        assert resource_view(resource, generator, words) == seen


def test_without_a_list_of_words_the_same_is_drawn_as_before_there_were_any(two_languages):
    drawn = []
    for words in (WordLists(), WordLists({"sw": {"en": {"nusu": {("nusu",): ("half",)}}}})):
        generator = np.random.default_rng(0)
        outcome_view(two_languages[0], generator, words=words)
        resource_view(Resource(id="r", title="Half", language="en"), generator, words)
        drawn.append(generator.random())
    assert drawn[0] == drawn[1]
