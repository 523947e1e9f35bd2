"""The queue is filled with what the index in use proposes."""

import pytest

from data.records import Resource
from models.snapshots.open import open_serving
from service.engine.live import _serve
from service.engine.queueing import Queueing
from tests.patience import until


@pytest.fixture
def serving(settings):
    return _serve(*open_serving(settings))


def fill(catalogue, serving):
    queueing = Queueing(catalogue, live=None, presence=None)
    while queueing.fill_some(serving):
        pass
    catalogue.queue.rank()


def test_every_resource_gets_what_is_likely_and_one_that_is_aligned_only_that(catalogue, serving):
    fill(catalogue, serving)
    index = serving.snapshot.manifest.id
    assert catalogue.queue.prepared(index) == (4, 4)
    for name in ("pizza", "moon", "chart"):
        proposed = catalogue.queue.proposed(name)
        assert proposed
        assert all(0 < one.confidence < 1 for one in proposed)
    assert catalogue.queue.proposed("chart")[0].outcome == "read-a-bar-chart"
    # A source aligned it in one framework, and nothing in the other is likely.
    assert catalogue.queue.proposed("volcano") == []


def test_what_is_filled_is_not_filled_again(catalogue, serving):
    fill(catalogue, serving)
    assert not Queueing(catalogue, live=None, presence=None).fill_some(serving)


def test_what_is_filled_is_not_looked_at_again_until_something_has_changed(
    catalogue, serving, monkeypatch
):
    queueing = Queueing(catalogue, live=None, presence=None)
    monkeypatch.setattr("service.engine.queueing.BATCH", 1)
    assert [queueing.fill_some(serving) for _ in range(6)] == [True] * 4 + [False] * 2
    with monkeypatch.context() as watched:
        watched.setattr(catalogue, "queue", None)
        assert not queueing.fill_some(serving)
    # Its id is before those that were looked at last.
    catalogue.resources.create(Resource(id="a-new-one", title="Leaves and sunlight"))
    vector = serving.encoder.encode(["Leaves and sunlight"])
    serving.snapshot.resources.add(["a-new-one"], vector)
    serving.revision = catalogue.revision()
    assert queueing.fill_some(serving)
    assert catalogue.queue.proposed("a-new-one")


def test_what_could_not_be_filled_is_tried_again(catalogue, serving, monkeypatch):
    queueing = Queueing(catalogue, live=None, presence=None)
    with monkeypatch.context() as failing:
        failing.setattr("service.engine.queueing.carried_to", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            queueing.fill_some(serving)
    assert queueing.fill_some(serving)
    assert catalogue.queue.prepared(serving.snapshot.manifest.id) == (4, 4)


def test_a_resource_that_comes_later_is_in_the_queue_within_seconds(client, catalogue):
    new = {"id": "late", "title": "Leaves and sunlight", "description": "How leaves make sugar."}
    assert client.post("/v1/resources", json=new).status_code == 201
    until(lambda: catalogue.queue.proposed("late"))
    assert catalogue.queue.proposed("late")[0].outcome == "explain-photosynthesis-in-green-leaves"
