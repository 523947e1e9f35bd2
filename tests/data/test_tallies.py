"""Grouped counts of content against what one counts by hand."""

import pytest

from data.catalogue.tallies import Age, Served
from data.importing.importer import import_document
from data.records import Alignment, Outcome, Provenance, Relation, Resource


@pytest.fixture
def two(catalogue, document):
    """Two datasets that state some of the same; r3 and o2 are gone since."""

    def stated(resource, outcome, time, relation=Relation.TEACHES):
        said = Provenance(agent="x", time=time)
        return Alignment(resource=resource, outcome=outcome, relation=relation, provenance=said)

    outcomes = [
        Outcome(id="root", framework="f", title="R", assignable=False),
        Outcome(id="o1", framework="f", title="A", subject="s", levels=("1", "2")),
        Outcome(id="o2", framework="f", title="B"),
    ]
    resources = [
        Resource(id="r1", title="a", language="en", kind="video", license="MIT",
                 extra={"downloadable": True, "isAccessibleForFree": False}),
        Resource(id="r2", title="b", language="fr", text="said", extra={"downloadable": "perhaps"}),
        Resource(id="r3", title="c", language="en", kind="video"),
    ]  # fmt: skip
    alignments = [
        stated("r1", "o1", 100.0),
        stated("r1", "o1", 100.0, Relation.ASSESSES),
        stated("r2", "o1", 100.0, Relation.REQUIRES),
        stated("r2", "o2", 100.0),
        stated("r3", "o1", 100.0),
    ]
    import_document(catalogue, document(*outcomes, *resources, *alignments, name="d"))
    import_document(catalogue, document(stated("r1", "o1", 400.0), name="e"))
    left = [one for one in [*outcomes, *resources] if one.id not in ("o2", "r3")]
    kept = [one for one in alignments if one.outcome != "o2" and one.resource != "r3"]
    import_document(catalogue, document(*left, *kept, name="d"), prune=True)
    return catalogue


def test_targets_are_assignable_outcomes_that_are_there(two):
    (only,) = two.tallies.targets()
    assert (only.id, only.framework, only.subject, only.levels) == ("o1", "f", "s", ("1", "2"))


def test_a_resource_serves_an_outcome_once_however_many_say_so(two):
    served = Served(outcome="o1", dataset="d", language="en", kind="video", resources=1)
    assert list(two.tallies.served()) == [served]


def test_holdings_tell_what_is_stated_and_what_is_not(two):
    found = {one.language: one for one in two.tallies.holdings()}
    assert {one: found[one].resources for one in found} == {"en": 1, "fr": 1}
    english, french = found["en"], found["fr"]
    assert (english.downloadable, english.free, english.license) == (True, False, "MIT")
    assert (french.downloadable, french.free, french.license) == (None, None, None)
    assert (english.described, french.described) == (False, True)
    assert (english.aligned, french.aligned) == (True, False)


def test_a_pair_is_as_old_as_its_newest_statement(two):
    assert two.tallies.ages(1000.0, 600.0) == [Age(dataset="d", pairs=1, seconds=600.0, recent=1)]
    assert two.tallies.ages(1000.0, 599.0)[0].recent == 0


def test_each_is_one_statement_however_many_resources_there_are(two, statements):
    with statements(two) as made:
        two.tallies.targets()
        list(two.tallies.served())
        two.tallies.holdings()
        two.tallies.ages(1.0, 1.0)
        list(two.judgements.standing())
        two.judgements.concords()
        list(two.use.done())
        list(two.use.attempts())
    assert len([one for one in made if one.startswith(("SELECT", "WITH"))]) == 8
