import numpy as np
import pytest

from evaluation.simulation import protocol
from evaluation.simulation.protocol import MODELS, POLICIES, Setting, simulate


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(protocol, "OTHERS", 2)


@pytest.mark.parametrize("model", MODELS)
def test_the_same_seed_gives_the_same_courses(model):
    setting = Setting(model=model, gaps=True, seed=1, learners=1, hours=2)
    found = simulate(setting)
    assert found == simulate(setting)
    assert set(found.courses) == set(POLICIES)
    assert found.shown > 0
    assert found.unready == 0


def test_further_learners_and_misstated_prerequisites_leave_the_others_as_they_are():
    one, two = (
        simulate(Setting(model="bkt", gaps=False, seed=0, learners=learners, hours=1))
        for learners in (1, 2)
    )
    wrong = simulate(Setting(model="wrong", gaps=False, seed=0, learners=1, hours=1))
    for name in ("oracle", "fixed order", "popularity", "random"):
        assert two.courses[name][:1] == one.courses[name] == wrong.courses[name]


def test_draws_of_different_purposes_are_different():
    setting = Setting(model="bkt", gaps=False, seed=0, learners=1, hours=1)
    drawn = [setting.draw(stream, number).random() for stream in (2, 3) for number in (0, 1)]
    assert len(set(drawn)) == 4
    assert np.isclose(setting.draw(2, 0).random(), drawn[0])
