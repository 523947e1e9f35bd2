import numpy as np
import pytest

from models.index import FlatIndex
from models.ranking.accepted import AcceptedRows
from models.ranking.neighbours import (
    AVERAGED,
    FEW,
    LOOKED_AT,
    SPREAD,
    SPREAD_OF_ALL,
    Neighbours,
)

OUTCOMES = 4
EVERYWHERE = np.ones(OUTCOMES, dtype=bool)


def at(*cosines):
    """Unit vectors [n, 2] that are so near to QUERY."""
    vectors = [[cosine, (1 - cosine**2) ** 0.5] for cosine in cosines]
    return np.array(vectors, dtype=np.float32).reshape(-1, 2)


QUERY = at(1.0)[0]


def neighbours_of(places, accepted=()):
    index = FlatIndex(list(places), at(*places.values()))
    outcomes = {name: [f"o{row}" for row in found] for name, found in dict(accepted).items()}
    rows = {f"o{row}": row for row in range(OUTCOMES)}
    return Neighbours(index, AcceptedRows(outcomes, rows)), index


def mask(*rows):
    found = np.zeros(OUTCOMES, dtype=bool)
    found[list(rows)] = True
    return found


def test_a_resource_is_none_of_its_own_neighbours():
    neighbours, _ = neighbours_of({"r": 1.0, "near": 0.9, "far": 0.1}, {"r": [0]})
    assert neighbours.near(QUERY, "r").ids == ["near", "far"]
    assert neighbours.near(QUERY).ids == ["r", "near", "far"]
    assert not neighbours.near(QUERY, "r").around(EVERYWHERE).votes


def test_of_many_the_nearest_are_looked_at_whether_the_resource_is_known_or_not():
    places = {f"r{number}": 1 - number / 100 for number in range(LOOKED_AT + 10)}
    neighbours, _ = neighbours_of(places)
    assert neighbours.near(QUERY).ids == list(places)[:LOOKED_AT]
    assert neighbours.near(QUERY, "r3").ids == [name for name in places if name != "r3"][:LOOKED_AT]


def test_those_that_were_accepted_vote_by_how_near_they_are():
    places = {"a": 0.9, "b": 0.85, "c": 0.8}
    neighbours, _ = neighbours_of(places, {"a": [0], "b": [1, 2], "c": [1]})
    around = neighbours.near(QUERY).around(EVERYWHERE)
    assert around.votes == pytest.approx({0: 0.9, 1: 0.85, 2: 0.85})
    weights = np.exp((np.array([0.9, 0.85, 0.8]) - 0.9) / SPREAD)
    votes = np.array([weights[0], weights[1] + weights[2], weights[1]])
    assert around.shares == pytest.approx(dict(enumerate(votes / votes.sum())), rel=1e-4)


def test_those_that_were_not_accepted_lend_their_mean():
    neighbours, _ = neighbours_of({"a": 0.95, "b": 0.9, "c": 0.85}, {"a": [0]})
    around = neighbours.near(QUERY).around(EVERYWHERE)
    weights = np.exp((np.array([0.9, 0.85]) - 0.95) / SPREAD)
    mean = weights @ at(0.9, 0.85)
    np.testing.assert_allclose(around.mean, mean / np.linalg.norm(mean), atol=1e-5)
    assert around.nearest == pytest.approx(0.9)


def test_no_more_than_the_nearest_few_lend_their_mean():
    places = {f"r{number}": 0.9 - number / 20 for number in range(AVERAGED)}
    few = neighbours_of(places)[0].near(QUERY).around(EVERYWHERE)
    more = neighbours_of(places | {"far": 0.1})[0].near(QUERY).around(EVERYWHERE)
    np.testing.assert_array_equal(few.mean, more.mean)


def test_accepted_in_another_framework_is_not_accepted_here():
    neighbours, _ = neighbours_of({"a": 0.9, "b": 0.8}, {"a": [0], "b": [3]})
    around = neighbours.near(QUERY).around(mask(2, 3))
    assert around.votes == pytest.approx({3: 0.8})
    assert around.shares == pytest.approx({3: 1.0})
    np.testing.assert_allclose(around.mean, at(0.9)[0], atol=1e-6)


def test_how_many_of_the_nearest_were_accepted_here_is_told():
    places = {name: 0.9 - place / 20 for place, name in enumerate("abcdefg")}
    neighbours, _ = neighbours_of(places, {"a": [0], "b": [3], "c": [2, 3], "g": [3]})
    vicinity = neighbours.near(QUERY)
    assert len(places) > FEW
    assert vicinity.around(EVERYWHERE).settled == 3
    assert vicinity.around(mask(2, 3)).settled == 2
    assert neighbours_of(places)[0].near(QUERY).around(EVERYWHERE).settled == 0


def test_without_resources_there_is_nothing_around():
    for neighbours, itself in ((neighbours_of({})[0], None), (neighbours_of({"r": 1.0})[0], "r")):
        vicinity = neighbours.near(QUERY, itself)
        around = vicinity.around(EVERYWHERE)
        assert (vicinity.ids, around.mean, around.votes, around.shares) == ([], None, {}, {})
        assert np.isnan(around.nearest)


def test_a_resource_that_comes_or_goes_is_seen_at_once():
    neighbours, index = neighbours_of({"a": 0.9}, {"late": [1]})
    index.add(["late"], at(0.95))
    assert neighbours.near(QUERY).ids == ["late", "a"]
    assert neighbours.near(QUERY).around(EVERYWHERE).votes == pytest.approx({1: 0.95})
    index.remove(["a"])
    assert neighbours.near(QUERY).ids == ["late"]
    index.add(["late"], at(0.5))
    assert neighbours.near(QUERY).cosines == pytest.approx([0.5])


def guesses_of(places, accepted=(), outcomes=(1.0, 0.9, 0.5), deviation=0.01):
    """What neighbours guess of outcomes that are so near to QUERY, in rows 1, 2 and 3."""
    vicinity = neighbours_of(places, accepted)[0].near(QUERY)
    return vicinity.guesses(np.array([1, 2, 3]), at(*outcomes), deviation)


def test_neighbours_guess_what_they_are_nearest_to():
    np.testing.assert_allclose(guesses_of({"r": 0.9}), [[0, 0], [1, 1], [0, 0]], atol=1e-4)


def test_the_farther_a_neighbour_the_less_it_guesses_and_least_among_the_nearest():
    guesses = guesses_of({"near": 0.9, "far": 0.5})
    for column, spread in enumerate((SPREAD, SPREAD_OF_ALL)):
        far = np.exp((0.5 - 0.9) / spread)
        np.testing.assert_allclose(guesses[1:, column] * (1 + far), [1, far], rtol=1e-3)


def test_only_the_nearest_few_guess_apart_from_all():
    places = {f"r{number}": 0.9 for number in range(FEW)}
    np.testing.assert_allclose(
        guesses_of(places | {"far": 0.5})[:, 0], guesses_of(places)[:, 0], atol=1e-6
    )


def test_what_is_nearly_as_near_is_guessed_nearly_as_much():
    wide = guesses_of({"r": 0.95}, deviation=10.0)
    assert (np.diff(wide[:, 0]) != 0).all()
    np.testing.assert_allclose(wide, 1 / 3, atol=0.05)


def test_one_that_was_accepted_guesses_that():
    guesses = guesses_of({"r": 0.9}, {"r": [1, 3]})
    np.testing.assert_allclose(guesses, [[0.5, 0.5], [0, 0], [0.5, 0.5]])
    elsewhere = guesses_of({"r": 0.9}, {"r": [0]})
    np.testing.assert_allclose(elsewhere, guesses_of({"r": 0.9}))


def test_where_outcomes_are_all_alike_each_is_guessed_as_much():
    guesses = guesses_of({"r": 0.9, "s": 0.8}, outcomes=(0.7, 0.7, 0.7), deviation=0.0)
    np.testing.assert_allclose(guesses, 1 / 3, rtol=1e-3)


def test_without_neighbours_nothing_is_guessed():
    assert np.isnan(guesses_of({})).all()


def test_the_nearest_accepted_for_an_outcome_are_named():
    places = {f"r{number}": 0.9 - number / 20 for number in range(6)}
    accepted = {"r0": [1], "r1": [0], "r2": [0, 1], "r4": [0], "r5": [0]}
    vicinity = neighbours_of(places, accepted)[0].near(QUERY)
    assert vicinity.accepted_for(0) == ["r1", "r2", "r4"]
    assert vicinity.accepted_for(1) == ["r0", "r2"]
    assert vicinity.accepted_for(3) == []
