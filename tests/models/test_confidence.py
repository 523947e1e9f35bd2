import json
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from models.confidence import (
    CALIBRATED,
    Confidence,
    list_features,
    read_confidence,
    shipped_confidence,
)

WEIGHTS = st.floats(-5, 5)
FITTED = Confidence(
    bias=-3.0, score=1.0, gap=-0.5, log_rank=-0.25, encoder="minilm", fitted_on="a test"
)


@given(
    st.lists(st.floats(-500, 500), max_size=40),
    st.builds(
        Confidence,
        bias=WEIGHTS,
        score=WEIGHTS,
        gap=WEIGHTS,
        log_rank=WEIGHTS,
        encoder=st.just("e"),
        fitted_on=st.just("f"),
    ),
)
def test_confidences_are_probabilities_that_descend_with_the_rank(scores, confidence):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = confidence.of(np.array(sorted(scores, reverse=True)))
    assert found.shape == (len(scores),)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) <= 0).all()


def test_confidence_is_the_logistic_of_score_gap_and_rank():
    found = FITTED.of(np.array([4.0, 2.0]))
    second = -3 + 2 * 1.0 - 0.5 * 2 - 0.25 * np.log(2)
    assert found == pytest.approx([1 / (1 + np.exp(-1)), 1 / (1 + np.exp(-second))])


def test_a_better_list_earns_more_confidence():
    assert FITTED.of(np.array([5.0]))[0] > FITTED.of(np.array([3.0]))[0]


def test_features_are_score_distance_to_the_best_and_log_rank():
    assert list_features(np.array([3.0, 1.0])).tolist() == [[3, 0, 0], [1, 2, np.log(2)]]
    assert list_features(np.array([])).shape == (0, 3)


def test_what_is_written_is_read_again(tmp_path):
    FITTED.write(tmp_path / "fit.json")
    assert read_confidence(tmp_path / "fit.json") == FITTED


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"3", b"{}", b"\xff\xfe", b'{"bias": 1}', b'{"bias": 1, "other": 2}'],
)
def test_a_damaged_file_is_named(tmp_path, content):
    path = tmp_path / "fit.json"
    path.write_bytes(content)
    with pytest.raises(GatewaysError, match=r"fit\.json: is not a fitted confidence"):
        read_confidence(path)


def test_a_file_with_a_weight_too_many_or_too_few_is_refused(tmp_path):
    FITTED.write(tmp_path / "fit.json")
    stated = json.loads((tmp_path / "fit.json").read_text())
    for changed in ({**stated, "slope": 1}, {k: v for k, v in stated.items() if k != "gap"}):
        (tmp_path / "fit.json").write_text(json.dumps(changed))
        with pytest.raises(GatewaysError):
            read_confidence(tmp_path / "fit.json")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(GatewaysError, match=r"gone\.json"):
        read_confidence(tmp_path / "gone.json")


@pytest.mark.parametrize("encoder", ["minilm", "e5"])
def test_a_fit_ships_for_each_encoder_that_ships(encoder):
    fitted = shipped_confidence(encoder)
    assert fitted.encoder == encoder
    assert fitted.score > 0
    assert fitted == read_confidence(CALIBRATED / f"{encoder}.json")


@pytest.mark.parametrize("encoder", ["/home/someone/minilm", "someone/minilm", "unheard-of", ".."])
def test_a_foreign_encoder_gets_the_multilingual_fit(encoder):
    assert shipped_confidence(encoder) == shipped_confidence("e5")
