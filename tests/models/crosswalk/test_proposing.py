"""Two small frameworks in one language, with MiniLM."""

import pytest

from data.errors import NotFoundError
from data.records import Match, Outcome
from models.alignment.aligner import Aligner
from models.crosswalk.proposing import crosswalk
from models.snapshots.indexing import build

ISLES = {
    "add": "Add fractions with the same denominator",
    "add-different": "Add fractions with different denominators",
    "angles": "Measure angles with a protractor",
    "plants": "Explain how green plants make food from light",
    "water": "Describe the water cycle",
    "circuits": "Build simple electric circuits",
    "pythagoras": "Use the theorem of Pythagoras",
}
COAST = {
    "sum": "Adding and subtracting fractions",
    "angle": "Measuring and drawing angles",
    "photosynthesis": "Photosynthesis: how plants feed themselves",
    "rain": "The water cycle: evaporation, clouds and rain",
    "current": "Simple electric circuits with a lamp and a cell",
    "poems": "Learn a poem by heart",
}


@pytest.fixture(scope="module")
def aligner(minilm, confidence):
    outcomes = [
        Outcome(id=id_, framework=framework, title=title, language="en")
        for framework, titles in (("isles", ISLES), ("coast", COAST))
        for id_, title in titles.items()
    ]
    return Aligner(build(outcomes, [], minilm, confidence=confidence), minilm)


@pytest.fixture(scope="module")
def proposed(aligner):
    return crosswalk(aligner, "isles", "coast")


def best(proposed):
    first = {}
    for one in proposed:
        first.setdefault(one.outcome, one.other)
    return first


def test_the_same_thing_is_found_whatever_it_is_called(proposed):
    expected = {
        "add": "sum",
        "add-different": "sum",
        "angles": "angle",
        "plants": "photosynthesis",
        "water": "rain",
        "circuits": "current",
    }
    assert best(proposed).items() >= expected.items()


def test_each_outcome_comes_with_the_surest_first_and_each_pair_once(proposed):
    for outcome in ISLES:
        sure = [one.confidence for one in proposed if one.outcome == outcome]
        assert sure == sorted(sure, reverse=True)
        assert all(0 <= one <= 1 for one in sure)
    pairs = [(one.outcome, one.other) for one in proposed]
    assert len(pairs) == len(set(pairs))


def test_either_framework_may_come_first(aligner, proposed):
    back = crosswalk(aligner, "coast", "isles")
    assert {(one.other, one.outcome): one.confidence for one in back} == pytest.approx(
        {(one.outcome, one.other): one.confidence for one in proposed}
    )
    seen_back = {Match.BROADER: Match.NARROWER, Match.NARROWER: Match.BROADER}
    forth = {(one.outcome, one.other): one.match for one in proposed}
    for one in back:
        assert forth[one.other, one.outcome] == seen_back.get(one.match, one.match)


def test_what_several_correspond_to_is_broader_than_each(proposed):
    shown = {(one.outcome, one.other): one.match for one in proposed if one.selected}
    assert shown["add", "sum"] == shown["add-different", "sum"] == Match.BROADER


def test_a_framework_that_is_not_there_is_named(aligner):
    with pytest.raises(NotFoundError, match="'moon' is not in the index"):
        crosswalk(aligner, "isles", "moon")
