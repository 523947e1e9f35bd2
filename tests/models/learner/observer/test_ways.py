import numpy as np
import pytest

from models.learner.observer.ways import (
    IS_AT_ONCE,
    KIND,
    KINDS,
    PRIOR,
    SUREST,
    WAS_KNOWN,
    explained,
    log_odds,
    practised,
    success,
)
from models.learner.observer.ways import STATE as START


def test_the_ways_of_a_kind_that_begin_alike_have_all_the_weight_together():
    for kind in range(KINDS):
        for known in (False, True):
            assert PRIOR[(kind == KIND) & (known == WAS_KNOWN)].sum() == pytest.approx(1)


def test_who_knows_succeeds_more_likely_than_not_and_who_does_not_less():
    chance = success(START)
    assert (chance[WAS_KNOWN] > 0.75).all()
    assert (chance[~WAS_KNOWN] < 0.5).all()


@pytest.mark.parametrize("learn", [lambda state: practised(state, 3, 2), lambda s: explained(s, 5)])
def test_practice_and_explanation_teach_in_every_way(learn):
    later = learn(START)
    moved = ~(IS_AT_ONCE & WAS_KNOWN)  # who knows for sure cannot know more
    assert (later >= START - 1e-9).all()
    assert (later[moved] > START[moved]).all()
    assert (np.abs(later[IS_AT_ONCE]) <= SUREST + 1e-9).all()


def test_nobody_is_ever_quite_sure():
    assert log_odds(np.array([0.0, 1.0])).tolist() == pytest.approx([-SUREST, SUREST])
