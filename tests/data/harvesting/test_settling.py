"""What records are classified as becomes alignments, whether outcomes or resources come first."""

import pytest

from data.harvesting.local_names import OutcomeNames
from data.harvesting.settling import settle_alignments
from data.importing.importer import import_document
from data.records import Outcome, Relation, Resource

COUNT = Outcome(id="count", framework="f", title="Count")


def resource(*names, relation="teaches"):
    said = [{"relation": relation, "outcome": name, "frameworks": ["f"]} for name in names]
    return Resource(id="r", title="Numbers", extra={"aligned": said} if said else {})


@pytest.fixture
def settle(catalogue):
    def run():
        found = settle_alignments(catalogue, "archive", OutcomeNames.of(catalogue))
        return found.new, found.retired, found.standing, found.waiting

    return run


@pytest.fixture
def take_in(catalogue, document):
    return lambda *records, name="archive": import_document(
        catalogue, document(*records, name=name), prune=True
    )


def stated(catalogue):
    return [(one.resource, one.outcome, one.relation) for one in catalogue.alignments.live()]


@pytest.mark.parametrize("first", ["resource", "framework"])
def test_it_makes_no_difference_what_comes_first(catalogue, settle, take_in, first):
    come = [lambda: take_in(resource("count")), lambda: take_in(COUNT, name="board")]
    for step in come if first == "resource" else reversed(come):
        step()
        settle()
    assert stated(catalogue) == [("r", "count", Relation.TEACHES)]
    assert catalogue.alignments.of_resource("r")[0].provenance.agent == "dataset:archive"
    assert settle() == (0, 0, 1, 0)


def test_what_is_not_there_waits_with_its_resource(catalogue, settle, take_in):
    take_in(resource("count", "measure"))
    assert settle() == (0, 0, 0, 2)
    take_in(COUNT, name="board")
    assert settle() == (1, 0, 1, 1)


@pytest.mark.parametrize("now", [resource(), resource("count", relation="assesses")])
def test_what_a_record_does_not_say_any_more_is_retired(catalogue, settle, take_in, now):
    take_in(COUNT, name="board")
    take_in(resource("count"))
    settle()
    take_in(now)
    assert settle()[1] == 1
    assert ("r", "count", Relation.TEACHES) not in stated(catalogue)


def test_an_outcome_that_comes_back_is_aligned_again(catalogue, settle, take_in):
    take_in(COUNT, name="board")
    take_in(resource("count"))
    settle()
    take_in(Outcome(id="other", framework="f", title="Other"), name="board")
    assert settle() == (0, 1, 0, 1)
    take_in(COUNT, name="board")
    assert settle() == (1, 0, 1, 0)


@pytest.mark.parametrize(
    "odd", ["x", 1, [1], [{"relation": "x"}], [{"relation": "x", "outcome": "y", "frameworks": 1}]]
)
def test_what_is_no_classification_is_left_alone(settle, take_in, odd):
    take_in(Resource(id="r", title="Numbers", extra={"aligned": odd}))
    assert settle() == (0, 0, 0, 0)


def test_others_are_told_that_a_resource_changed_when_its_alignments_did(
    catalogue, settle, take_in
):
    take_in(resource("count"))
    before = catalogue.changes.of("r").changed
    take_in(COUNT, name="board")
    assert catalogue.changes.of("r").changed == before
    settle()
    assert catalogue.changes.of("r").changed > before
