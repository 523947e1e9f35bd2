import numpy as np
import pytest

from data.records import Event, Interaction, Resource
from models.learner.continuation_catalogue import Catalogue
from models.learner.continuation_counts import Counts, first_contacts, trail_of

IDS = "abcd"


def did(learner, resource, time, event=Event.VIEWED):
    return Interaction(learner=learner, resource=resource, time=time, event=event)


@pytest.fixture
def catalogue():
    resources = [Resource(id=id_, title=f"Title {id_}") for id_ in IDS]
    return Catalogue(resources, {"a": ["x"], "b": ["x"], "c": ["y"]})


@pytest.fixture
def counts(catalogue):
    trails = {"l1": "abc", "l2": "abd", "l3": "ac", "l4": "d"}
    contacts = [
        did(learner, resource, time)
        for learner, trail in trails.items()
        for time, resource in enumerate(trail)
    ]
    return Counts(first_contacts(contacts, catalogue.row), catalogue)


def test_repeats_and_strangers_are_dropped_and_time_orders():
    found = first_contacts(
        [did("l1", "b", 9), did("l1", "a", 3), did("l1", "b", 5), did("l1", "z", 1)], IDS
    )
    assert [(one.resource, one.time) for one in found] == [("a", 3), ("b", 5)]


def test_at_equal_times_the_order_of_the_file_holds():
    found = first_contacts([did("l1", "c", 1), did("l1", "a", 1), did("l2", "b", 1)], IDS)
    assert [one.resource for one in found] == ["c", "a", "b"]


def test_a_trail_says_how_each_resource_ended(catalogue):
    trail = trail_of(
        [did("l", "b", 1, Event.SKIPPED), did("l", "a", 2), did("l", "c", 3, Event.COMPLETED)],
        catalogue.row,
    )
    assert trail.rows.tolist() == [1, 0, 2]
    assert trail.ended.tolist() == [-1, 0, 1]
    assert trail.before(1).rows.tolist() == [1]
    assert trail.before(0).times.tolist() == []


def test_what_comes_next_is_a_share_of_those_who_went_on(counts):
    a, b, c, d = range(4)
    assert counts.next.toarray()[a].tolist() == [0, 2 / 4, pytest.approx(1 / 4), 0]
    assert counts.before.toarray()[b].tolist() == [pytest.approx(2 / 3), 0, 0, 0]
    assert counts.next.toarray()[[c, d]].sum() == 0


def test_what_comes_soon_fades_with_each_step(counts):
    a, b, c, d = counts.soon.toarray()[0]
    assert (a, b) == (0, pytest.approx(2 / (2 + 1 + 2 * 0.8 + 1)))
    assert b > c > d > 0


def test_opened_together_is_a_cosine_that_doubts_single_learners(counts):
    together = counts.together.toarray()
    assert together[0, 1] == pytest.approx(2 / np.sqrt(4 * 3))
    assert np.allclose(together, together.T)
    assert together[2, 3] == 0


def test_shares_of_contacts_sum_to_one(counts):
    for each in (counts.opened, counts.lately, counts.begun):
        assert each.sum() == pytest.approx(1)
    assert np.argmax(counts.begun) == 0


def test_outcomes_lead_on_to_outcomes(counts):
    assert counts.onward.toarray()[0].tolist() == [pytest.approx(2 / 5), pytest.approx(2 / 5)]


def test_without_contacts_everything_is_nothing(catalogue):
    counts = Counts([], catalogue)
    assert counts.opened.tolist() == [0] * 4
    assert counts.next.nnz == counts.soon.nnz == counts.together.nnz == counts.onward.nnz == 0
