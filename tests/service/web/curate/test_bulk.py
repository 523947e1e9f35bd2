"""Many at once: what would be wrong, what is accepted, and back again."""

import re
from dataclasses import replace

import pytest

from data.catalogue.queued import Proposal, Queued
from service.web.curate.bulk import preview


def pairs(*confidences):
    return [("r", Proposal(outcome="o", confidence=one, selected=True)) for one in confidences]


def test_the_expected_errors_are_the_sum_of_what_each_may_err():
    found = preview(pairs(0.9, 0.8, 0.95))
    assert found.wrong == pytest.approx(0.35)
    assert (found.low, found.high) == (0, 2)
    assert preview([]).wrong == 0


def seen_in(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def test_what_is_seen_is_accepted_and_can_be_undone_whole(curators, catalogue):
    ann = curators("ann")
    page = ann.get("/curate/bulk", params={"above": 0.5}).text
    answer = ann.post("/curate/bulk", above="0.5", seen=seen_in(page))
    done = ann.get(answer.headers["location"]).text
    assert "accepted." in done
    kept = catalogue.ledger.page().items
    assert len(kept) == int(re.search(r"<strong>(\d+)</strong>", page)[1])
    assert {one.curator for one in kept} == {"ann"}
    batch = re.search(r'name="batch" value="([^"]+)"', done)[1]
    ann.post("/curate/bulk/undo", batch=batch)
    assert catalogue.ledger.batch(batch) == 0


def test_what_has_changed_since_it_was_seen_is_shown_again_instead(curators, client, catalogue):
    ann = curators("ann")
    seen = seen_in(ann.get("/curate/bulk", params={"above": 0.5}).text)
    before = catalogue.queue.above(0.5)
    resource, gone = before[0]
    proposed = catalogue.queue.proposed(resource)
    there = {one.outcome for one in proposed}
    new = next(one.id for one in catalogue.outcomes.live() if one.id not in there)
    catalogue.queue.put(
        [
            Queued(
                resource=resource,
                index=client.app.state.parts.live.serving().snapshot.manifest.id,
                framework="maths",
                subject=None,
                language="en",
                uncertainty=0.5,
                reach=0.5,
                proposals=tuple(
                    replace(one, outcome=new) if one.outcome == gone.outcome else one
                    for one in proposed
                ),
            )
        ]
    )
    assert len(catalogue.queue.above(0.5)) == len(before)
    answer = ann.post("/curate/bulk", above="0.5", seen=seen)
    assert "accepted" not in answer.headers["location"]
    assert catalogue.ledger.page().items == []


@pytest.mark.parametrize("above", ["0.2", "1.1", "nan", "many"])
def test_a_guess_is_not_accepted_with_many(curators, above):
    assert curators("ann").get("/curate/bulk", params={"above": above}).status_code == 422
