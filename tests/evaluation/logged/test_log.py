"""A log and what came of it, in a real catalogue."""

import json
from itertools import count

import pytest

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Event, Interaction, Recommendation, ShownResource
from evaluation.logged.log import DAY, read_log

SHOWN_AT, NOW = 1_700_000_000.0, 1_800_000_000.0


@pytest.fixture
def catalogue(tmp_path, dataset_folder):
    resources = "".join(json.dumps({"id": one, "title": one}) + "\n" for one in "abc")
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as opened:
        import_document(opened, open_document(dataset_folder(resources=resources), ReadOptions()))
        yield opened


@pytest.fixture
def show(catalogue):
    numbers = count()

    def record(first="a", learner="l", at=SHOWN_AT, propensity=0.5, policy="1", candidates="abc"):
        lines = tuple(
            ShownResource(
                resource=resource,
                outcome="o",
                purpose="next",
                position=position,
                score=1.0,
                propensity=chance,
            )
            for position, resource, chance in ((2, "c", 0.9), (1, first, propensity))
            if first
        )
        catalogue.recommendations.record(
            Recommendation(
                id=f"answer-{next(numbers)}",
                learner=learner,
                time=at,
                policy=policy,
                asked={},
                shown=lines,
                candidates=tuple((one, 1.0) for one in candidates),
            )
        )

    return record


@pytest.fixture
def does(catalogue):
    def add(event, score=None, resource="a", learner="l", after=60.0):
        done = Interaction(
            learner=learner, resource=resource, time=SHOWN_AT + after, event=event, score=score
        )
        catalogue.interactions.add([(None, done)])

    return add


@pytest.fixture
def read(catalogue):
    def log(days=7.0, now=NOW, policy=None):
        return read_log(catalogue, days=days, now=now, policy=policy)

    return log


def test_the_first_by_position_is_read_with_what_it_was_drawn_from(show, read):
    show("b", propensity=0.05, policy="frontier")
    (place,) = read().places
    assert (place.answer, place.learner, place.time) == ("answer-0", "l", SHOWN_AT)
    assert (place.policy, place.candidates, place.shown) == ("frontier", ("a", "b", "c"), 1)
    assert (place.propensity, place.reward) == (0.05, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("done", "reward"),
    [
        ([], 0),
        ([(Event.VIEWED, None)], 0),
        ([(Event.VIEWED, 1.0)], 0),
        ([(Event.SKIPPED, None)], 0),
        ([(Event.ATTEMPTED, None)], 0),
        ([(Event.COMPLETED, None)], 1),
        ([(Event.COMPLETED, 0.25)], 0.25),
        ([(Event.ATTEMPTED, 0.0), (Event.ATTEMPTED, 1.0), (Event.COMPLETED, None)], 0.5),
    ],
)
def test_a_score_counts_as_it_is_else_a_completion_and_a_view_as_nothing(
    show, does, read, done, reward
):
    show()
    for place, (event, score) in enumerate(done):
        does(event, score, after=60.0 + place)
    assert [one.reward for one in read().places] == [reward]


@pytest.mark.parametrize(
    ("done", "reward"),
    [
        ({"after": -1.0}, 0),
        ({"after": 0.0}, 1),
        ({"after": 2 * DAY - 1}, 1),
        ({"after": 2 * DAY}, 0),
        ({"resource": "c"}, 0),
        ({"resource": None}, 0),
        ({"learner": "another"}, 0),
    ],
)
def test_what_counts_is_done_by_the_learner_with_the_first_in_time(show, does, read, done, reward):
    show()
    does(Event.COMPLETED, **done)
    assert [one.reward for one in read(days=2).places] == [reward]


def test_what_was_shown_twice_is_rewarded_each_time_that_it_came_before(show, does, read):
    for days in (0, 1, 3):
        show(at=SHOWN_AT + days * DAY)
    does(Event.COMPLETED, after=2 * DAY)
    assert [one.reward for one in read().places] == [1, 1, 0]


def test_what_is_not_over_and_what_showed_nothing_are_counted_apart(show, read):
    show()
    show("")
    show(at=NOW - 6 * DAY)
    log = read()
    assert (len(log.places), log.empty, log.pending) == (1, 1, 1)
    assert read(days=6).pending == 0


def test_one_version_of_the_policy_can_be_asked_for(show, read):
    show(policy="1")
    show(policy="2")
    assert [one.policy for one in read(policy="2").places] == ["2"]


def test_openings_are_first_contacts_one_a_learner(does, read):
    does(Event.VIEWED, learner="m", after=5.0)
    does(Event.VIEWED, after=9.0)
    does(Event.VIEWED, after=3.0)
    assert read().openings == {"a": [SHOWN_AT + 3, SHOWN_AT + 5]}


def test_who_was_erased_is_not_in_it(catalogue, show, does, read):
    for learner in ("l", "m"):
        show(learner=learner)
        does(Event.COMPLETED, learner=learner)
    catalogue.learners.erase("l", "admin", NOW)
    log = read()
    assert [(one.learner, one.reward) for one in log.places] == [("m", 1)]
    assert log.openings == {"a": [SHOWN_AT + 60]}


def test_no_propensity_is_as_bad_as_none_at_all(show, read):
    show(propensity=None)
    assert [one.propensity for one in read().places] == [0]


def test_what_was_shown_without_being_a_candidate_is_named(show, read):
    show("a", candidates="bc", policy="old")
    with pytest.raises(GatewaysError, match=r"'answer-0' of the policy 'old': 'a'.*--policy"):
        read()
