import numpy as np
import pytest

from data.records import Resource
from training.encoder.judging import reciprocal_rank
from training.labelled import Labelled

LABELLED = Labelled(
    resources=[Resource(id="r", title="R"), Resource(id="s", title="S")],
    gold={"r": frozenset({"a"}), "s": frozenset({"c"}), "not asked": frozenset({"b"})},
)
SIMILARITIES = np.array([[0.9, 0.1, 0.5], [0.8, 0.7, 0.2]], dtype=np.float32)


def test_it_is_the_mean_over_what_is_asked_of_one_through_the_rank():
    assert reciprocal_rank(LABELLED, SIMILARITIES, ["a", "b", "c"]) == pytest.approx(
        (1 + 1 / 3) / 2
    )


def test_what_is_ranked_below_the_most_counts_as_not_found():
    assert reciprocal_rank(LABELLED, SIMILARITIES, ["a", "b", "c"], 2) == pytest.approx(1 / 2)
