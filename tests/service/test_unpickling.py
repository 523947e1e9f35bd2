"""Nothing that comes from outside is unpickled while the service loads and answers."""

import pickle
import sys
from pathlib import Path

import pytest

from models.ranking.ranker import Ranker


@pytest.fixture
def unpickled():
    """What is looked up by unpickling while this lasts; the interpreter tells."""
    seen, listening = [], [True]

    def hear(event, arguments):
        if listening and event == "pickle.find_class":
            seen.append(arguments)

    sys.addaudithook(hear)  # it cannot be taken away, so it is told to be silent
    yield seen
    listening.clear()


def test_the_interpreter_tells_what_is_unpickled(unpickled):
    pickle.loads(pickle.dumps(Path()))
    assert unpickled


def test_loading_a_ranker_and_an_index_and_suggesting_unpickles_nothing(unpickled, ranker, client):
    Ranker(ranker.packed)
    assert client.post("/v1/suggestions", json={"text": "Draw a bar chart"}).status_code == 200
    assert unpickled == []
