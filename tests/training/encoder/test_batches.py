import numpy as np

from training.encoder.batches import draw_batch, nearest_to, not_negative, same_outcomes
from training.encoder.examples import examples_of
from training.labelled import Labelled


def test_a_batch_has_different_outcomes_and_no_more_than_there_are(entries, lessons_of):
    examples = examples_of(entries, Labelled(resources=lessons_of[0], gold=lessons_of[1]))
    nearest = nearest_to(np.eye(8, dtype=np.float32))
    for seed in range(20):
        generator = np.random.default_rng(seed)
        batch = draw_batch(examples, nearest, 5, generator)
        assert len(set(batch)) == len(batch) == 5
    assert sorted(draw_batch(examples, nearest, 48, generator)) == list(range(8))


def test_neighbours_are_the_nearest_others():
    angles = np.array([0.0, 0.1, 1.5, 1.7])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert nearest_to(vectors)[:, 0].tolist() == [1, 0, 3, 2]
    assert all(row not in found for row, found in enumerate(nearest_to(vectors).tolist()))


def test_what_a_resource_teaches_and_versions_of_it_are_no_negatives(entries, lessons_of):
    examples = examples_of(entries, Labelled(resources=lessons_of[0], gold=lessons_of[1]))
    vectors = np.eye(8, dtype=np.float32)
    vectors[1] = vectors[0]
    mask = not_negative(examples, ["abacus 0", "chord 1"], same_outcomes(vectors))
    assert mask.tolist() == [
        [True, True, *[False] * 6],
        [*[False] * 6, True, False],
    ]
