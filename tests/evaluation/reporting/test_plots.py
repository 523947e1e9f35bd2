from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.reporting import plots


def test_shares_stand_between_the_ends_of_the_frame():
    axes = plots.shares()
    assert (axes.x(0), axes.x(1)) == (axes.left, axes.right)
    assert (axes.y(0), axes.y(1)) == (axes.bottom, plots.TOP)
    assert axes.y(0.5) == pytest.approx((axes.bottom + plots.TOP) / 2)


def test_what_is_outside_an_axis_stands_at_its_end():
    axes = plots.shares()
    assert (axes.x(-1), axes.x(2)) == (axes.x(0), axes.x(1))


@given(st.floats(0, 1), st.integers(1, 20))
def test_differences_have_nothing_in_the_middle_and_room_for_the_largest(most, count):
    axes = plots.differences(most, count)
    assert axes.x(0) == pytest.approx((axes.left + axes.right) / 2, abs=0.1)
    assert axes.across[1] >= most
    assert axes.across_ticks[0] == axes.across[0]
    assert 3 <= len(axes.across_ticks) <= 9
    assert axes.bottom >= plots.TOP + count * plots.ROW


@given(st.lists(st.floats(0, 200), max_size=6))
def test_names_do_not_cover_each_other_and_keep_their_order(places):
    moved = plots.spread(places)
    assert all(new >= old for new, old in zip(moved, places, strict=True))
    ordered = sorted(moved)
    gaps = [low - high for high, low in pairwise(ordered)]
    assert all(gap >= plots.LINE - 1e-9 for gap in gaps)
    assert sorted(range(len(places)), key=moved.__getitem__) == sorted(
        range(len(places)), key=places.__getitem__
    )


@pytest.mark.parametrize("axes", [plots.depths(1), plots.depths(50), plots.steps(1)])
def test_an_axis_of_one_place_has_a_place_for_it(axes):
    assert axes.left <= axes.x(axes.across_ticks[0]) <= axes.right
