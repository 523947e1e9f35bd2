import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learner.picking import SAME_KIND, SAME_OUTCOME, Candidate, pick

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        resource=st.integers(0, 99),
        outcome=st.integers(0, 3),
        score=st.floats(0, 2),
        kind=st.sampled_from(["video", "quiz"]),
    ),
    max_size=8,
    unique_by=lambda one: one.resource,
)


def candidate(resource, score, outcome=None, kind=None):
    """A candidate that by default shares neither outcome nor kind with another."""
    outcome = resource if outcome is None else outcome
    return Candidate(resource=resource, outcome=outcome, score=score, kind=kind or str(resource))


def rows(picks):
    return [one.candidate.resource for one in picks]


@settings(max_examples=50)
@given(CANDIDATES, st.integers(0, 9), st.integers(0, 2**64 - 1), st.floats(0, 1))
def test_each_stands_once_and_with_a_probability(candidates, k, seed, explored):
    picks = pick(candidates, k, seed=seed, explored=explored)
    assert len(picks) == min(k, len(candidates))
    assert len(set(rows(picks))) == len(picks)
    assert all(one.candidate in candidates for one in picks)
    assert all(0 < one.propensity <= 1 for one in picks)
    assert pick(candidates, k, seed=seed, explored=explored) == picks


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("explored", [0.1, 0.6])
def test_the_propensities_of_all_that_could_stand_first_are_1_and_are_kept(count, explored):
    candidates = [candidate(row, 1.0 - row / 10) for row in range(count)]
    seeds = 1000
    first = [pick(candidates, 1, seed=seed, explored=explored)[0] for seed in range(seeds)]
    propensity = {one.candidate.resource: one.propensity for one in first}
    assert len(propensity) == count
    assert sum(propensity.values()) == pytest.approx(1)
    for row, promised in propensity.items():
        share = sum(one.candidate.resource == row for one in first) / seeds
        error = (promised * (1 - promised) / seeds) ** 0.5
        assert share == pytest.approx(promised, abs=4 * error + 1e-9)


def test_later_places_have_the_propensity_given_what_stands_before_them():
    candidates = [candidate(0, 1.0), candidate(1, 0.9), candidate(2, 0.8)]
    lists = [pick(candidates, 3, seed=seed, explored=0.5) for seed in range(500)]
    after_best = {tuple(rows(one))[1]: one[1].propensity for one in lists if rows(one)[0] == 0}
    assert set(after_best) == {1, 2}
    assert sum(after_best.values()) == pytest.approx(1)
    assert all(one[-1].propensity == 1 for one in lists)


def test_without_exploring_the_best_stand_in_their_order():
    picks = pick([candidate(0, 0.2), candidate(1, 0.9), candidate(2, 0.5)], 3, seed=1, explored=0)
    assert rows(picks) == [1, 2, 0]
    assert all(one.is_best and one.propensity == 1 for one in picks)


def test_what_is_drawn_is_told_apart_from_what_is_best():
    candidates = [candidate(row, 1.0 - row / 10) for row in range(4)]
    for seed in range(50):
        (first,) = pick(candidates, 1, seed=seed, explored=1.0)
        assert first.propensity == 0.25
        assert first.is_best is (first.candidate.resource == 0)


def test_a_list_is_varied_by_outcome_and_by_kind():
    same_outcome = [
        candidate(0, 1.0, outcome=7),
        candidate(1, 0.9, outcome=7),
        candidate(2, 0.9 * SAME_OUTCOME + 0.01),
    ]
    assert rows(pick(same_outcome, 3, seed=0, explored=0)) == [0, 2, 1]
    same_kind = [
        candidate(0, 1.0, kind="quiz"),
        candidate(1, 0.9, kind="quiz"),
        candidate(2, 0.9 * SAME_KIND + 0.01),
    ]
    assert rows(pick(same_kind, 3, seed=0, explored=0)) == [0, 2, 1]
