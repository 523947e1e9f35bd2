import pytest

from evaluation.measures.agreement import kappa


def test_kappa_is_one_for_full_agreement_and_none_for_that_of_chance():
    assert kappa(["accept", "reject"], ["accept", "reject"]) == pytest.approx(1)
    assert kappa(["accept", "accept", "reject", "reject"], ["accept", "reject"] * 2) == 0


def test_kappa_says_nothing_where_nobody_ever_rejects():
    assert kappa(["accept"] * 3, ["accept"] * 3) is None
    assert kappa([], []) is None


def test_kappa_is_what_cohens_formula_gives():
    first = ["accept"] * 45 + ["reject"] * 15 + ["accept"] * 25 + ["reject"] * 15
    second = ["accept"] * 45 + ["accept"] * 15 + ["reject"] * 25 + ["reject"] * 15
    assert kappa(first, second) == pytest.approx((0.6 - 0.54) / (1 - 0.54))
