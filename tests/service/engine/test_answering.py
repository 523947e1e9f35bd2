"""Answers that are worked out ahead are the same as those worked out when they are asked for."""

from dataclasses import replace

import pytest

from models.snapshots.open import open_serving
from models.suggestion import Filters
from models.text import query_of
from service.engine.answering import KEPT_AHEAD, Ahead, Asked, known, ranked
from service.engine.live import _serve


@pytest.fixture
def serving(settings):
    return _serve(*open_serving(settings))


@pytest.fixture
def asked(catalogue):
    query = query_of(catalogue.resources.get("chart"))
    return Asked(query=query, filters=Filters(), k=5, resource="chart")


def test_an_answer_is_there_once_it_was_worked_out_and_is_what_would_be_answered(serving, asked):
    ahead = Ahead()
    assert ahead.get(serving, asked) is None
    ahead.prepare(serving, asked)
    assert ahead.get(serving, asked) == ranked(serving, asked, known(serving, asked))


def test_an_answer_is_not_there_once_what_it_rests_on_has_changed(serving, asked):
    ahead = Ahead()
    ahead.prepare(serving, asked)
    assert ahead.get(serving, replace(asked, without={"read-a-bar-chart"})) is None
    assert ahead.get(serving, replace(asked, k=3)) is None
    serving.revision += 1
    assert ahead.get(serving, asked) is None


def test_only_what_has_a_vector_is_worked_out_and_not_without_end(serving, asked):
    ahead = Ahead()
    stranger = replace(asked, resource="nowhere")
    ahead.prepare(serving, stranger)
    assert ahead.get(serving, stranger) is None
    for k in range(1, KEPT_AHEAD + 3):
        ahead.prepare(serving, replace(asked, k=k))
    assert ahead.get(serving, replace(asked, k=1)) is None
    assert ahead.get(serving, replace(asked, k=KEPT_AHEAD + 2)) is not None
