"""What learners and teachers say of what a learner can do."""

from dataclasses import replace

import pytest

from data.errors import ConflictError, GatewaysError, NotFoundError
from data.importing.importer import import_document
from data.records import Outcome, Statement, Voice


def said(outcome="b", can=0.9, at=1.0, **more):
    values = {"learner": "m", "voice": Voice.LEARNER}
    return Statement(outcome=outcome, can=can, time=at, **(values | more))


def test_a_statement_is_kept_with_its_id_and_all_it_says(small):
    kept = small.statements.add(said(voice=Voice.TEACHER, note="hizo la prueba, ñ"))
    assert kept == replace(said(voice=Voice.TEACHER, note="hizo la prueba, ñ"), id=kept.id)
    assert small.statements.of_learner("m") == [kept]
    assert small.statements.of_learner("l") == []


def test_statements_come_in_their_time_and_what_was_said_twice_is_there_twice(small):
    kept = [small.statements.add(said(at=at)) for at in (2.0, 1.0, 2.0)]
    assert small.statements.of_learner("m") == [kept[1], kept[0], kept[2]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "error", "reason"),
    [
        ({"outcome": "none"}, NotFoundError, "outcome 'none' is not in the catalogue"),
        ({"outcome": "root"}, GatewaysError, "'root' is a heading"),
        ({"can": 1.01}, GatewaysError, r"can: 1\.01 is not between 0 and 1"),
        ({"can": -0.5}, GatewaysError, "between 0 and 1"),
        ({"can": float("nan")}, GatewaysError, "between 0 and 1"),
        ({"learner": "Ana Pérez"}, GatewaysError, "looks like a name"),
        ({"note": "half \ud800"}, GatewaysError, "cannot be kept"),
    ],
)
def test_a_statement_that_cannot_stand_is_refused_and_leaves_nothing(small, wrong, error, reason):
    with pytest.raises(error, match=reason):
        small.statements.add(said(**wrong))
    assert small.statements.of_learner("m") == []


def test_nothing_is_said_of_a_retired_outcome_but_what_was_said_stays(small, document):
    kept = small.statements.add(said())
    import_document(small, document(empty=(Outcome,)), prune=True)
    with pytest.raises(NotFoundError, match="'b' was retired"):
        small.statements.add(said())
    assert small.statements.of_learner("m") == [kept]


def test_what_was_said_before_an_erasure_does_not_come_back(small):
    small.learners.erase("m", "admin", 5.0)
    with pytest.raises(ConflictError, match="erased on 1970-01-01"):
        small.statements.add(said(at=5.0))
    assert small.statements.add(said(at=5.5)).id
