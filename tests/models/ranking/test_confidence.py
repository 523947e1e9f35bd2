import json
import warnings
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit

from data.errors import GatewaysError
from models.ranking.confidence import (
    FITS,
    LIKELY,
    Confidence,
    Situation,
    fits_features,
    list_features,
    read_confidence,
)

WEIGHTS = st.floats(-5, 5)
FITTED = Confidence(
    bias=-3.0,
    score=1.0,
    log_share=0.5,
    log_rank=-0.25,
    log_size=-0.1,
    fits_bias=-1.0,
    fits_margin=4.0,
    fits_best=0.5,
    fits_nearest=2.0,
    fits_log_size=-0.2,
    words_weight=0.2,
    encoder="minilm",
    fitted_on="a test",
)


ASKED = Situation(size=9, nearest=0.5, elsewhere=0.4, words=12)

situations = st.builds(
    Situation,
    size=st.integers(0, 10**6),
    nearest=st.floats(-1, 1),
    elsewhere=st.floats(-1, 1),
    words=st.integers(0, 10**4),
    subject=st.booleans(),
    levels=st.booleans(),
)


@given(
    st.lists(st.floats(-500, 500), max_size=40),
    st.lists(WEIGHTS, min_size=len(LIKELY), max_size=len(LIKELY)),
    situations,
)
def test_confidences_are_probabilities_that_descend_with_the_rank(scores, weights, asked):
    confidence = replace(FITTED, **dict(zip(LIKELY, weights, strict=True)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = confidence.of(np.array(sorted(scores, reverse=True)), asked)
    assert found.shape == (len(scores),)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) <= 0).all()


def test_confidence_is_the_logistic_of_score_share_rank_and_what_was_asked():
    fitted = replace(FITTED, log_words=0.3, subject=0.2, levels=0.4, share_by_words=0.01)
    fitted = replace(fitted, share_by_subject=0.02, share_by_levels=0.03)
    asked = Situation(size=50, nearest=0.9, elsewhere=0.7, words=7, subject=True, levels=False)
    found = fitted.of(np.array([4.0, 2.0]), asked)
    share = 2 - np.log(np.exp(4) + np.exp(2))
    second = -3 + 2 * 1.0 + 0.5 * share - 0.25 * np.log(2) - 0.1 * np.log(50)
    second += 0.3 * np.log(7) + 0.2 + 0.01 * share * np.log(7) + 0.02 * share
    right = 1 / (1 + np.exp(-second))
    assert found[1] == pytest.approx(fitted.fits(4.0, asked) * right)


def test_only_the_first_is_ahead_of_the_second():
    fitted, scores = replace(FITTED, first=0.5, ahead=0.25), np.array([4.0, 2.0, 1.0])
    with_it, without = fitted.of(scores, ASKED), FITTED.of(scores, ASKED)
    fits = FITTED.fits(4.0, ASKED)
    assert logit(with_it[0] / fits) - logit(without[0] / fits) == pytest.approx(0.5 + 0.25 * 2)
    assert with_it[1:] == pytest.approx(without[1:])
    alone = fitted.of(scores[:1], ASKED)[0]
    assert logit(alone / fits) - logit(FITTED.of(scores[:1], ASKED)[0] / fits) == pytest.approx(0.5)


def test_whether_something_fits_is_the_logistic_of_how_much_nearer_it_is_than_anything_else():
    asked = Situation(size=50, nearest=0.9, elsewhere=0.7, words=7, subject=False, levels=True)
    odds = -1 + 4 * (0.9 - 0.7) + 0.5 * 4 + 2 * 0.9 - 0.2 * np.log(50)
    assert FITTED.fits(4.0, asked) == pytest.approx(1 / (1 + np.exp(-odds)))


def test_a_better_list_earns_more_confidence_and_more_likely_fits():
    assert FITTED.of(np.array([5.0]), ASKED)[0] > FITTED.of(np.array([3.0]), ASKED)[0]
    assert FITTED.fits(5.0, ASKED) > FITTED.fits(3.0, ASKED)
    assert FITTED.fits(3.0, replace(ASKED, nearest=0.6)) > FITTED.fits(3.0, ASKED)
    assert FITTED.fits(3.0, replace(ASKED, elsewhere=0.3)) > FITTED.fits(3.0, ASKED)
    nothing = Situation(size=1, nearest=0.0, elsewhere=0.0, words=1)
    assert FITTED.fits(2.0, nothing) == pytest.approx(0.5)


def test_what_was_fitted_before_there_was_a_margin_goes_on_as_it_was(tmp_path):
    said = {name: value for name, value in asdict(FITTED).items() if name != "fits_margin"}
    (tmp_path / "confidence.json").write_text(json.dumps(said))
    read = read_confidence(tmp_path / "confidence.json")
    assert read.fits(4.0, ASKED) == read.fits(4.0, replace(ASKED, elsewhere=0.9))


def test_a_candidate_that_stands_out_earns_more_than_one_among_equals():
    alone, equal = np.array([5.0, 1.0]), np.array([5.0, 5.0])
    assert FITTED.of(alone, ASKED)[0] > FITTED.of(equal, ASKED)[0]


def test_features_are_named_as_the_weights_are():
    assert list_features(np.array([2.0, 1.0]), ASKED).shape == (2, len(LIKELY) - 1)
    assert list_features(np.array([]), ASKED).shape == (0, len(LIKELY) - 1)
    assert fits_features(2.0, ASKED).shape == (len(FITS) - 1,)


def test_a_file_from_before_words_and_metadata_counted_is_read(tmp_path):
    stated = asdict(FITTED)
    for name in LIKELY[5:]:
        assert stated.pop(name) == 0
    (tmp_path / "fit.json").write_text(json.dumps(stated))
    assert read_confidence(tmp_path / "fit.json") == FITTED


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
