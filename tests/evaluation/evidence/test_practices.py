import pytest

from evaluation.evidence.figure import Row, figure
from evaluation.evidence.practices import better_half, practices


def figures(coverage, described):
    for measure, shares in (("coverage", coverage), ("described", described)):
        for platform, share in shares.items():
            yield figure(measure, platform, {}, [Row("", share, 1)])


def test_fewer_than_four_platforms_are_not_compared():
    three = list(figures({"a": 0.1, "b": 0.2, "c": 0.3, "*": 0.2}, {}))
    assert better_half(three) is None
    assert practices(three) == []


def test_of_an_odd_number_the_one_in_the_middle_is_among_the_others():
    coverage = {"a": 0.5, "b": 0.9, "c": 0.7, "d": 0.1, "e": 0.3}
    described = {"a": 0.4, "b": 1.0, "c": 0.8, "d": 0.2, "e": 0.3}
    found = list(figures(coverage, described))
    assert better_half(found) == (("b", "c"), ("a", "e", "d"))
    (difference,) = practices(found)
    assert difference.value == pytest.approx(0.9 - 0.3)
    assert difference.low < difference.value < difference.high
    assert difference.low > 0.35
    assert practices(found) == [difference]


def test_a_practice_that_one_half_does_not_tell_of_is_left_out():
    coverage = {"a": 0.9, "b": 0.8, "c": 0.2, "d": 0.1}
    assert practices(list(figures(coverage, {"a": 1.0, "b": 1.0, "c": 0.5}))) == []
