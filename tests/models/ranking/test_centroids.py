import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from data.errors import GatewaysError
from models.ranking.centroids import FEW, NOWHERE, apart, centroids_of, read_centroids

DIMENSION = 32


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


@pytest.fixture
def topics():
    return unit(np.random.default_rng(0).normal(size=(60, DIMENSION)))


@pytest.fixture
def in_two_languages(topics):
    """Resources of the same topics, each language with a direction of its own."""
    english, arabic = 2 * unit(np.random.default_rng(1).normal(size=(2, DIMENSION)))
    languages = ["en"] * len(topics) + ["ar-EG"] * len(topics)
    vectors = unit(np.concatenate([topics + english, topics + arabic])).astype(np.float32)
    return languages, vectors


def test_what_teaches_the_same_is_nearest_whatever_language_it_is_in(topics, in_two_languages):
    languages, vectors = in_two_languages
    english, arabic = np.split(vectors, 2)
    others = english[:1] @ np.concatenate([english[1:], arabic]).T
    assert others.argmax() != len(english) - 1
    moved = centroids_of(languages, vectors).moved(vectors)
    english, arabic = np.split(moved, 2)
    nearest = (english @ arabic.T).argmax(axis=1)
    assert (nearest == np.arange(len(topics))).mean() > 0.95


def test_languages_are_known_by_their_shortest_codes(in_two_languages):
    centroids = centroids_of(*in_two_languages)
    assert list(centroids.languages) == ["ar", "en"]
    assert list(centroids.counts) == [60, 60]


def test_in_one_language_the_catalogue_is_where_it_is(topics):
    vectors = topics.astype(np.float32)
    centroids = centroids_of(["fr"] * len(vectors), vectors)
    np.testing.assert_allclose(centroids.moved(vectors), vectors, atol=1e-6)


def test_a_mean_of_few_resources_moves_nothing(topics):
    vectors = topics[:FEW].astype(np.float32)
    centroids = centroids_of(["fr"] * FEW, vectors)
    np.testing.assert_allclose(centroids.moved(vectors, topics[-1]), vectors, atol=1e-6)


def test_without_resources_nothing_moves(topics):
    assert centroids_of([], topics[:0]) is NOWHERE
    assert NOWHERE.moved(topics) is topics


def test_apart_from_what_all_share_topics_are_told_as_if_it_were_not_there(topics):
    shared = 3 * unit(np.random.default_rng(2).normal(size=DIMENSION))
    alike = unit(topics + shared)
    assert (alike @ alike.T).min() > 0.7
    own = apart(alike, alike.mean(axis=0))
    np.testing.assert_allclose(np.linalg.norm(own, axis=1), 1, atol=1e-6)
    without = apart(topics, topics.mean(axis=0))
    assert np.corrcoef((own @ own.T).ravel(), (without @ without.T).ravel())[0, 1] > 0.98


def test_what_is_just_usual_has_nothing_of_its_own(topics):
    assert not apart(topics[:1], topics[0]).any()


@given(
    npst.arrays(
        np.float32,
        st.tuples(st.integers(1, 40), st.just(8)),
        elements=st.floats(-1, 1, width=32),
    ),
    st.data(),
)
def test_whatever_is_moved_is_a_direction_again(vectors, data):
    languages = data.draw(
        st.lists(
            st.sampled_from(["en", "fr", None, "xx-nonsense-"]),
            min_size=len(vectors),
            max_size=len(vectors),
        )
    )
    moved = centroids_of(languages, vectors).moved(vectors, vectors[0])
    lengths = np.linalg.norm(moved, axis=1)
    assert moved.dtype == np.float32
    assert np.isfinite(moved).all()
    assert ((np.abs(lengths - 1) < 1e-3) | (lengths < 1)).all()


def test_what_is_written_is_read_again(in_two_languages, tmp_path):
    centroids = centroids_of(*in_two_languages)
    centroids.write(tmp_path / "centroids.json")
    again = read_centroids(tmp_path / "centroids.json")
    assert (again.languages, again.counts) == (centroids.languages, centroids.counts)
    np.testing.assert_array_equal(again.means, centroids.means)
    NOWHERE.write(tmp_path / "none.json")
    assert read_centroids(tmp_path / "none.json") is NOWHERE


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", '[{"language": "en"}]', '[{"language": "en", "count": "x", "mean": [1]}]'],
)
def test_what_are_no_centroids_is_refused_with_the_way_to_mend_it(tmp_path, text):
    path = tmp_path / "centroids.json"
    path.write_text(text)
    with pytest.raises(GatewaysError, match="gateways index"):
        read_centroids(path)
