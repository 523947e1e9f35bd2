"""The noise is Laplace's of the scale that is stated, and drawn once for the same sums."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest, laplace

from evaluation.evidence.cells import Cell
from evaluation.evidence.privacy import MOST_CELLS, Table, bounded, noisy

TABLE = Table(name="t", most=20, width=2)
KEYS = [("p", f"k{number}") for number in range(9)]


def drawn(epsilon, secret=b"s", count=4000):
    cells = [Cell(("p", str(number)), 1e6, (2e6, 1e6)) for number in range(count)]
    found = noisy(cells, TABLE, epsilon, secret)
    learners = [cell.learners - 1e6 for cell in found]
    return np.array(learners), *(
        np.array([cell.sums[place] - exact for cell in found])
        for place, exact in ((0, 2e6), (1, 1e6))
    )


def test_each_number_has_noise_of_its_stated_scale():
    for noise, scale in zip(drawn(0.1), TABLE.scales(0.1), strict=True):
        assert kstest(noise, laplace(scale=scale).cdf).pvalue > 0.001
        assert abs(np.abs(noise).mean() / scale - 1) < 0.06
    assert TABLE.scales(0.1) == (MOST_CELLS / 0.1, 200.0, 200.0)


def test_numbers_of_one_cell_have_noise_of_their_own():
    learners, first, second = drawn(1.0)
    for one, other in ((learners, first), (first, second), (learners, second)):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.06


def test_the_same_sums_have_the_same_noise_and_others_or_another_secret_have_not():
    cells = [Cell(key, 50, (80.0, 40.0)) for key in KEYS]
    again = noisy(cells, TABLE, 0.5, b"s")
    assert noisy(cells, TABLE, 0.5, b"s") == again
    one_more = [Cell(KEYS[0], 51, (80.0, 40.0)), *cells[1:]]
    for other in (noisy(one_more, TABLE, 0.5, b"s"), noisy(cells, TABLE, 0.5, b"t")):
        assert all(new.sums != old.sums for new, old in zip(other, again, strict=True))


learners = st.dictionaries(
    st.sampled_from(KEYS),
    st.integers(1, 60).flatmap(
        lambda n: st.tuples(st.just(float(n)), st.floats(0, 1).map(lambda share: n * share))
    ),
)


@given(learners, st.sampled_from([1.0, 20.0, 50.0]))
def test_what_one_learner_adds_is_bounded(learner, most):
    found = bounded(learner, most)
    assert len(found) <= MOST_CELLS
    for place in (0, 1):
        assert sum(values[place] for values in found.values()) <= most * (1 + 1e-12)
    if len(learner) <= MOST_CELLS and sum(values[0] for values in learner.values()) <= most:
        assert found == learner


@given(st.lists(st.integers(0, 40), min_size=1, max_size=9), st.sampled_from([0.01, 1.0]))
def test_noisy_numbers_can_still_be_numbers_of_learners(counts, epsilon):
    cells = [
        Cell(key, count, (2.0 * count, 1.0 * count))
        for key, count in zip(KEYS, counts, strict=False)
    ]
    for cell in noisy(cells, TABLE, epsilon, b"s"):
        assert cell.learners >= 0
        assert 0 <= cell.sums[1] <= cell.sums[0]
        assert cell.learners or cell.sums == (0, 0)
