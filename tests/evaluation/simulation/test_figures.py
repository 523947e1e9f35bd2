import numpy as np
import pytest

from data.progress import progress_bar
from evaluation.measures.bounded import Bounded
from evaluation.simulation.course import Course
from evaluation.simulation.figures import figures, ratio, report
from evaluation.simulation.protocol import FIXED, MODELS, ORACLE, OURS, POLICIES, Simulated


def simulated(ours, fixed, oracle):
    """Two learners; ours masters `ours` each, in two hours."""
    mastered = {OURS: ours, FIXED: fixed, ORACLE: oracle}
    courses = {
        name: [
            Course(
                mastered=mastered.get(name, 0),
                expected=mastered.get(name, 0) / 2,
                minutes=120,
                known=30,
                unready=12,
                idle=6,
            )
        ]
        * 2
        for name in POLICIES
    }
    return Simulated(courses=courses, shown=10, unready=1)


def test_figures_are_means_over_learners_and_hours_and_ratios_of_them():
    found = figures([simulated(6, 3, 8), simulated(2, 5, 8)], hours=2)
    ours = found["policies"][OURS]
    assert (ours["per_hour"], ours["expected_per_hour"]) == (2, 1)
    assert ours["of_oracle"]["value"] == ours["expected_of_oracle"]["value"] == 0.5
    assert (ours["known"], ours["unready"], ours["idle"]) == (0.25, 0.1, 0.05)
    assert found["policies"][ORACLE]["of_oracle"] == {"value": 1, "low": 1, "high": 1}
    assert found["ours_over_fixed"] == {"value": 1, "low": 0.4, "high": 2}
    assert found["ours_ahead_of_fixed"] == {"value": 0, "low": -1.5, "high": 1.5}
    assert (found["recommendations"], found["unready_recommendations"]) == (20, 2)


def test_the_interval_of_a_ratio_is_paired():
    below = np.arange(1.0, 21.0)
    found = ratio(0.5 * below, below)
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)


def test_a_ratio_to_nothing_is_not_told():
    above = np.array([1.0, 1.0])
    assert ratio(above, np.zeros(2)) == Bounded(value=None, low=None, high=None)
    assert ratio(np.zeros(2), np.zeros(2)) == Bounded(value=None, low=None, high=None)
    assert ratio(above, np.array([0.0, 1.0])) == Bounded(value=2, low=1, high=None)


@pytest.mark.slow
def test_several_processes_give_the_same_figures(monkeypatch):
    monkeypatch.setattr("evaluation.simulation.figures.MODELS", {"bkt": MODELS["bkt"]})
    one, two = (
        report(seeds=1, learners=1, hours=1, progress=progress_bar, jobs=jobs) for jobs in (1, 2)
    )
    assert one == two
