from dataclasses import replace

import pytest

from data.errors import GatewaysError
from data.records import Resource
from evaluation.alignment.ablation import Field, fields_of, without
from evaluation.alignment.protocol import Task

RESOURCE = Resource(id="r", title="Fractions", subject="Mathematics", levels=("Grade 4",))


def test_words_between_commas_are_fields():
    assert fields_of("subject, levels,") == {Field.SUBJECT, Field.LEVELS}
    assert fields_of("neighbours") == {Field.NEIGHBOURS}
    assert fields_of("") == frozenset()


def test_another_word_is_refused_with_those_that_can_be_left_out():
    with pytest.raises(GatewaysError, match=r"«level».*subject, levels, neighbours"):
        fields_of("subject,level")


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("", ("Mathematics", ("Grade 4",))),
        ("subject", (None, ("Grade 4",))),
        ("levels", ("Mathematics", ())),
        ("subject,levels", (None, ())),
    ],
)
def test_the_fields_are_gone_and_nothing_else(words, left):
    task = Task(queries=[RESOURCE], outcomes=[])
    (query,) = without(task, fields_of(words)).queries
    assert (query.subject, query.levels) == left
    assert (query.id, query.title) == ("r", "Fractions")
    assert task.queries == [RESOURCE]


def test_without_neighbours_nothing_was_accepted_and_without_a_catalogue_each_query_is_alone():
    other = replace(RESOURCE, id="s")
    task = Task(queries=[RESOURCE], outcomes=[], catalogue=[RESOURCE, other], accepted={"s": ["o"]})
    cold = without(task, fields_of("neighbours"))
    assert (list(cold.catalogue), cold.accepted) == ([RESOURCE], {})
    alone = without(task, fields_of("neighbours,catalogue"))
    assert (list(alone.catalogue), alone.accepted) == ([], {})
    assert (alone.queries, task.catalogue) == ([RESOURCE], [RESOURCE, other])
    both = without(task, fields_of("subject"))
    assert (both.catalogue, both.accepted) == ([RESOURCE, other], {"s": ["o"]})
