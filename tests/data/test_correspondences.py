"""Crosswalk lines in the catalogue."""

import pytest

from data.catalogue.rows import entry_of
from data.catalogue.tables import LOCAL
from data.importing.importer import import_document
from data.records import Correspondence, Match, Outcome, Provenance


@pytest.fixture
def two_frameworks(catalogue, document):
    import_document(
        catalogue,
        document(
            Outcome(id="a", framework="f", title="Fractions"),
            Outcome(id="b", framework="g", title="Les fractions"),
            Outcome(id="c", framework="g", title="Les nombres"),
            Correspondence(outcome="a", other="b", match=Match.EXACT),
            Correspondence(outcome="a", other="c", match=Match.BROADER),
            Correspondence(outcome="b", other="c", match=Match.BROADER),
        ),
    )
    return catalogue


def pairs(found):
    return [(one.outcome, one.other, one.match.value) for one in found]


def test_a_crosswalk_is_read_from_either_end_and_by_framework(two_frameworks):
    kept = two_frameworks.correspondences
    assert pairs(kept.live()) == [
        ("a", "b", "exact"),
        ("a", "c", "broader"),
        ("b", "c", "broader"),
    ]
    assert pairs(kept.of_outcome("b")) == [("a", "b", "exact"), ("b", "c", "broader")]
    assert pairs(kept.of_framework("f")) == [("a", "b", "exact"), ("a", "c", "broader")]
    assert next(kept.live()).provenance.agent == "dataset:d"


def test_the_lines_of_several_outcomes_come_once_each(two_frameworks):
    found = two_frameworks.correspondences.of_outcomes
    assert pairs(found(["a", "c"])) == [
        ("a", "b", "exact"),
        ("a", "c", "broader"),
        ("b", "c", "broader"),
    ]
    assert found([]) == []


def test_what_two_sources_state_comes_out_once(two_frameworks, document):
    origin = Provenance(agent="someone", time=1.0)
    line = Correspondence(outcome="a", other="b", match=Match.EXACT, provenance=origin)
    import_document(two_frameworks, document(line, name="c"))
    assert two_frameworks.counts()["correspondences"] == 3
    assert next(two_frameworks.correspondences.live()).provenance == origin


def test_a_line_whose_end_is_retired_is_not_read(two_frameworks, document):
    left = Outcome(id="a", framework="f", title="Fractions")
    import_document(two_frameworks, document(left), prune=True)
    assert pairs(two_frameworks.correspondences.live()) == []


def test_lines_between_two_frameworks_are_counted_once_and_paged_in_the_order_of_the_tree(
    two_frameworks, document
):
    again = Correspondence(outcome="a", other="b", match=Match.EXACT)
    import_document(two_frameworks, document(again, name="c"))
    kept = two_frameworks.correspondences
    assert kept.counts() == {("f", "g"): 2, ("g", "g"): 1}
    assert pairs(kept.between("f", "g")) == [("a", "b", "exact"), ("a", "c", "broader")]
    assert pairs(kept.between("g", "f")) == []
    first = kept.page("f", "g", limit=1)
    assert pairs(first.items) == [("a", "b", "exact")]
    assert first.items[0].provenance.agent == "dataset:c"
    assert pairs(kept.page("f", "g", after=first.next).items) == [("a", "c", "broader")]


def test_what_curators_changed_last_is_told_by_framework(two_frameworks):
    assert two_frameworks.correspondences.decided() == {}
    origin = Provenance(agent="someone", time=5.0)
    line = Correspondence(outcome="a", other="b", match=Match.RELATED, provenance=origin)
    with two_frameworks.intake(LOCAL) as intake, intake.batch() as batch:
        batch.write(Correspondence, [entry_of(line, LOCAL)])
    assert two_frameworks.correspondences.decided() == {"f": 5.0}
    with two_frameworks.intake(LOCAL) as intake, intake.batch() as batch:
        batch.retire(Correspondence, [("a", "b", "related")], 9.0)
    assert two_frameworks.correspondences.decided() == {"f": 9.0}
