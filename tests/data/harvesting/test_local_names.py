"""Outcomes are known by what others call them."""

import pytest

from data.formats.case.tidying import derived
from data.harvesting.local_names import OutcomeNames, ids_at_home
from data.importing.importer import import_document
from data.records import Outcome

CAME = "a0000000-0000-4000-8000-000000000000"
URI = "https://board.example/standards/3.NF.1"
AWAY = derived("outcome", "fractions")


@pytest.fixture
def named(catalogue, document):
    own = Outcome(id="fractions", framework="ours", title="Fractions")
    heading = Outcome(id="number", framework="ours", title="Number", assignable=False)
    came = Outcome(
        id=CAME, framework="theirs", title="Halves", extra={"case": {"item": {"uri": URI}}}
    )
    import_document(catalogue, document(own, heading, came))
    return catalogue


@pytest.mark.parametrize(
    ("name", "frameworks", "found"),
    [
        ("fractions", ["Our curriculum", "ours"], "fractions"),
        ("fractions", ["another"], None),
        (AWAY, [derived("framework", "ours")], "fractions"),
        (AWAY, ["ours"], "fractions"),
        (AWAY, ["another"], None),
        (f"https://us.example/CFItems/{AWAY}", ["ours"], "fractions"),
        (CAME, [], CAME),
        (URI, [], CAME),
        (f"urn:uuid:{CAME}", [], CAME),
        ("number", ["ours"], None),
        ("", ["ours"], None),
        ("https://", ["ours"], None),
    ],
)
def test_a_name_is_that_of_an_outcome_or_of_none(named, name, frameworks, found):
    assert OutcomeNames.of(named).find(name, frameworks) == found


def test_outcomes_that_go_by_another_identifier_elsewhere_are_told(named):
    assert ids_at_home(named) == {AWAY: "fractions", derived("outcome", "number"): "number"}
