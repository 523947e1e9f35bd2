import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from evaluation.evidence.figure import Figure, Row, figure, newcombe, wilson
from evaluation.evidence.measures import MEASURES


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_wilsons(counted):
    successes, trials = counted
    expected = binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes, trials) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_the_interval_of_a_difference_is_newcombes():
    # His table II: 56 of 70 and 48 of 80, .0524 to .3339.
    first = figure("coverage", "p", {}, [Row("", 56, 70)])
    second = figure("coverage", "p", {}, [Row("", 48, 80)])
    assert newcombe(first, second) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_nothing_to_divide_by_is_no_figure_and_a_count_needs_nothing():
    assert figure("coverage", "p", {}, [Row("", 0, 0)]) is None
    counted = figure("learners", "p", {}, [Row("a", 3), Row("b", 0)])
    assert (counted.value, counted.denominator, counted.low) == (3, None, None)


def test_no_two_figures_have_one_id_whatever_names_have_in_them():
    names = ["*", "a/b", "a", "b,c", 'd"', "é ü", "%2A", ""]
    ids = {Figure(measure="coverage", platform=name).id for name in names}
    ids |= {Figure(measure="coverage", platform="a", slice={"kind": name}).id for name in names}
    assert len(ids) == 2 * len(names)
    assert not any(sign in id_ for id_ in ids for sign in ',"\n ')


@pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))
def test_every_measure_says_in_one_sentence_how_it_is_made(measure):
    assert measure.method.endswith(".")
    assert measure.method.count(". ") == 0
