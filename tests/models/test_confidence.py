import json
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from models.confidence import Confidence, list_features, read_confidence

WEIGHTS = st.floats(-5, 5)
FITTED = Confidence(
    bias=-3.0,
    score=1.0,
    log_share=0.5,
    log_rank=-0.25,
    log_size=-0.1,
    fits_bias=-1.0,
    fits_best=0.5,
    fits_nearest=4.0,
    fits_log_size=-0.2,
    words_weight=0.2,
    encoder="minilm",
    fitted_on="a test",
)


@given(
    st.lists(st.floats(-500, 500), max_size=40),
    st.lists(WEIGHTS, min_size=5, max_size=5),
    st.integers(1, 10**6),
)
def test_confidences_are_probabilities_that_descend_with_the_rank(scores, weights, size):
    names = ("bias", "score", "log_share", "log_rank", "log_size")
    confidence = replace(FITTED, **dict(zip(names, weights, strict=True)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = confidence.of(np.array(sorted(scores, reverse=True)), 0.5, size)
    assert found.shape == (len(scores),)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) <= 0).all()


def test_confidence_is_the_logistic_of_score_share_rank_and_size():
    found = FITTED.of(np.array([4.0, 2.0]), 0.9, 50)
    share = 2 - np.log(np.exp(4) + np.exp(2))
    second = -3 + 2 * 1.0 + 0.5 * share - 0.25 * np.log(2) - 0.1 * np.log(50)
    right = 1 / (1 + np.exp(-second))
    assert found[1] == pytest.approx(FITTED.fits(4.0, 0.9, 50) * right)


def test_a_better_list_earns_more_confidence_and_more_likely_fits():
    assert FITTED.of(np.array([5.0]), 0.5, 9)[0] > FITTED.of(np.array([3.0]), 0.5, 9)[0]
    assert FITTED.fits(5.0, 0.5, 9) > FITTED.fits(3.0, 0.5, 9)
    assert FITTED.fits(3.0, 0.6, 9) > FITTED.fits(3.0, 0.5, 9)
    assert FITTED.fits(2.0, 0.0, 1) == pytest.approx(0.5)


def test_a_candidate_that_stands_out_earns_more_than_one_among_equals():
    alone, equal = np.array([5.0, 1.0]), np.array([5.0, 5.0])
    assert FITTED.of(alone, 0.5, 9)[0] > FITTED.of(equal, 0.5, 9)[0]


def test_features_of_an_empty_list_are_empty():
    assert list_features(np.array([]), 3).shape == (0, 4)


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
    for changed in ({**stated, "slope": 1}, {k: v for k, v in stated.items() if k != "log_share"}):
        (tmp_path / "fit.json").write_text(json.dumps(changed))
        with pytest.raises(GatewaysError):
            read_confidence(tmp_path / "fit.json")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(GatewaysError, match=r"gone\.json"):
        read_confidence(tmp_path / "gone.json")
