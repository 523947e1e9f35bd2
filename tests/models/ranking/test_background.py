import numpy as np
import pytest

from data.errors import GatewaysError
from models.ranking.background import (
    NO_BACKGROUND,
    SHARPNESS,
    TAUGHT,
    Background,
    background_of,
    background_texts,
    read_background,
)


def unit(*rows):
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


NOTHING = unit([1, 1, 1], [1, 1, 2])
ABOUT = unit([1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1], [1, 0, 2])
ALL = np.concatenate([NOTHING, ABOUT])


@pytest.fixture
def background():
    return Background(NOTHING, ABOUT)


def test_a_text_is_as_near_as_the_softmax_of_its_cosines_in_their_usual_deviation(background):
    left = background.beside(unit([0, 1, 0]))
    vectors = ALL[left.rows]
    width = SHARPNESS * (vectors @ vectors.T)[~np.eye(len(vectors), dtype=bool)].std()
    asked = unit([3, 1, 1])[0]
    soft = width * np.log(np.exp(vectors @ asked / width).sum())
    assert left.nearness(background.cosines(asked)) == pytest.approx(soft, abs=1e-6)


def test_what_is_near_to_something_of_it_is_nearer_than_what_is_near_to_nothing(background):
    near, far = unit([1, 0, 0], [-1, -1, -1])
    left = background.beside(unit([0, 1, 0]))
    assert left.nearness(background.cosines(near)) > 1
    assert left.nearness(background.cosines(far)) < 0


def test_beside_a_framework_what_is_likest_to_its_outcomes_is_left_out(background):
    rows = background.beside(unit([0, 1, 0], [0, 1, 0.9])).rows - len(NOTHING)
    left = {int(row) for row in rows if row >= 0}
    assert len(left) == round((1 - TAUGHT) * len(ABOUT))
    assert set(range(len(ABOUT))) - left == {1, 4}


def test_what_says_nothing_is_taught_by_no_framework(background):
    assert {0, 1} <= set(background.beside(NOTHING).rows.tolist())


def test_where_all_vectors_are_the_same_there_is_still_a_figure():
    same = Background(unit([1, 0, 0], [1, 0, 0]), unit([1, 0, 0], [1, 0, 0]))
    near = same.beside(unit([0, 1, 0])).nearness(same.cosines(unit([1, 0, 0])[0]))
    assert near == pytest.approx(1, abs=0.01)


def test_without_a_background_every_text_is_at_nothing_from_it():
    left = NO_BACKGROUND.beside(unit([1, 0, 0]))
    assert left.nearness(NO_BACKGROUND.cosines(unit([1, 0, 0])[0])) == 0


def test_it_is_made_of_many_texts_each_once(hashing):
    nothing, about = background_texts()
    made = background_of(hashing)
    assert len({*nothing, *about}) == len(nothing) + len(about) > 500
    assert made.nothing.shape == (len(nothing), hashing.dimension)
    assert (made.about == hashing.encode(about)).all()


def test_it_can_be_written_and_read(background, tmp_path):
    background.write(tmp_path / "background.npz")
    read = read_background(tmp_path / "background.npz")
    assert (read.nothing == NOTHING).all()
    assert (read.about == ABOUT).all()


def damaged(background, path):
    background.write(path)
    return path.read_bytes()[:-40]


def of_one_array(_, path):
    np.save(path.with_suffix(".npy"), ABOUT)
    return path.with_suffix(".npy").read_bytes()


@pytest.mark.parametrize("make", [lambda *_: b"", lambda *_: b"words", damaged, of_one_array])
def test_what_is_no_background_is_told(make, background, tmp_path):
    path = tmp_path / "background.npz"
    path.write_bytes(make(background, path))
    with pytest.raises(GatewaysError, match=r"background\.npz: is no background"):
        read_background(path)
