import numpy as np
import pytest

from data.records import Event, Interaction, Resource
from models.learner.continuation_catalogue import Catalogue
from models.learner.continuation_counts import Counts, trail_of
from models.learner.continuation_signals import COLUMN, NAMES, signals, untuned

RESOURCES = [
    Resource(id="a", title="Add fractions", kind="video", levels=("1",)),
    Resource(id="b", title="Add more fractions", kind="video", levels=("1", "2")),
    Resource(id="c", title="Volcanoes", kind="quiz", levels=("2",)),
    Resource(id="d", title="Subtract fractions"),
    Resource(id="e", title="Islands", kind="quiz"),
]
OUTCOMES = {"a": ["maths"], "b": ["maths"], "c": ["earth"], "d": ["maths"]}


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue(RESOURCES, OUTCOMES)


@pytest.fixture
def after(catalogue):
    """Signals by name after a trail of (id, time)."""

    def found(*steps):
        contacts = [
            Interaction(learner="l", resource=id_, time=time, event=Event.VIEWED)
            for id_, time in steps
        ]
        values = signals(trail_of(contacts, catalogue.row), Counts([], catalogue), catalogue)
        assert values.shape == (len(RESOURCES), len(NAMES))
        return {name: values[:, column] for name, column in COLUMN.items()}

    return found


def test_every_signal_has_a_name_of_its_own():
    assert len(set(NAMES)) == len(NAMES)


def test_steps_in_the_catalogue_pass_over_what_was_seen(after):
    found = after(("a", 0), ("d", 10), ("b", 20))
    assert found["catalogue: steps"].tolist() == [-1, 0, 1, 2, 3]
    unseen = found["catalogue: unseen steps"]
    assert (unseen[2], unseen[4]) == (1, 2)
    assert after(("d", 0))["catalogue: unseen steps"].tolist() == [-3, -2, -1, 0, 1]


def test_recent_contacts_are_neighbours_too(after):
    found = after(("a", 0), ("e", 10))
    assert found["catalogue: ahead of recent"][1] == 1
    assert found["catalogue: behind recent"][3] == 1
    assert found["catalogue: off the stride"].tolist() == [8, 7, 6, 5, 4]
    assert np.isnan(after(("a", 0))["catalogue: off the stride"]).all()


def test_progress_in_a_course_is_told(after):
    found = after(("a", 0))
    assert found["course: unseen before"].tolist() == [0, 0, 0, 1, 0]
    assert found["course: place"].tolist() == [0, 1, 0, 2, 0]
    assert found["course: left"].tolist() == [2, 2, 1, 2, 1]
    assert found["course: seen"][[0, 2]].tolist() == [pytest.approx(1 / 3), 0]


def test_what_is_in_common_with_the_last_is_told_and_what_is_not_stated_is_unknown(after):
    found = after(("a", 0))
    assert found["outcomes: last"].tolist() == [1, 1, 0, 1, 0]
    assert np.array_equal(found["same kind"], [1, 1, 0, np.nan, 0], equal_nan=True)
    assert np.array_equal(found["same levels"], [1, 1, 0, np.nan, np.nan], equal_nan=True)
    assert np.isnan(found["same language"]).all()
    assert np.isnan(after(("d", 0))["same kind"]).all()


def test_words_in_common_are_told(after):
    found = after(("a", 0))
    for name in ("text: last", "title: last"):
        assert found[name][1] > found[name][2] == 0


def test_how_a_learner_goes_on_is_told(after):
    found = after(("a", 0), ("b", 60), ("e", 9000), ("d", 9030))
    assert found["learner: contacts"][0] == 4
    assert found["learner: one step on"][0] == pytest.approx(1 / 3)
    assert found["learner: last pause"][0] == 30
    assert found["learner: session"][0] == 2
    assert found["learner: ended"][0] == 0


def test_untuned_scores_are_finite(after, catalogue):
    contacts = [Interaction(learner="l", resource="e", time=0, event=Event.VIEWED)]
    found = signals(trail_of(contacts, catalogue.row), Counts([], catalogue), catalogue)
    assert np.isfinite(untuned(found)).all()
