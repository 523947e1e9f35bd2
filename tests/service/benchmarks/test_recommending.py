import numpy as np

from service.benchmarks.recommending import Taken, measure


def test_each_step_is_timed_in_every_round():
    found = measure(resources=100, interactions=12, rounds=3)
    for seconds in (found.searched, found.recommended, found.updated, found.kept):
        assert len(seconds) == 3
        assert (seconds > 0).all()


def test_the_ratio_is_that_of_the_slowest_in_twenty():
    one = np.ones(20)
    slow = np.r_[np.ones(18), 3.0, 3.0]
    assert Taken(searched=one, recommended=slow, updated=one, kept=one).ratio == 3.0
