import numpy as np
import pytest

from evaluation.measures.metrics import calibration_error
from models.ranking.confidence import Situation
from models.ranking.features import NAMES
from training.second_stage.confidence import fit_confidence
from training.second_stage.lists import FOLDS, Asked
from training.second_stage.parts import FOREIGN

SIZE = 30
ABOUT = {"words_weight": 0.1, "encoder": "made", "fitted_on": "up"}


def asked(nearest, size=SIZE):
    return Situation(size=size, nearest=nearest, elsewhere=0.7, words=20)


def drawn(count, seed, *, foreign=0.2):
    """Lists of which one is right, the likelier the higher its score, or nothing at all."""
    generator = np.random.default_rng(seed)
    for number in range(count):
        scores = generator.normal(0, 2, SIZE).astype(np.float32)
        fits = generator.random() >= foreign
        likely = np.exp(scores) / np.exp(scores).sum()
        right = np.zeros(SIZE, dtype=bool)
        right[generator.choice(SIZE, p=likely)] = fits
        yield Asked(
            features=np.zeros((SIZE, len(NAMES)), dtype=np.float32),
            scores=scores,
            right=right,
            rejected=np.zeros(SIZE, dtype=bool),
            fits=fits,
            asked=asked(float(generator.normal(0.8 if fits else 0.6, 0.1))),
            fold=number % FOLDS,
        )


def fitted_to(lists, **options):
    return fit_confidence(lists, [found.scores for found in lists], **ABOUT, **options)


def told(fitted, lists):
    """Confidences and truths of all places in the lists."""
    for found in lists:
        order = np.argsort(-found.scores)
        yield fitted.of(found.scores[order], found.asked), found.right[order]


def test_a_fit_means_what_it_says_on_lists_that_it_never_saw():
    fitted = fitted_to(list(drawn(600, seed=1)))
    confidences, right = map(np.concatenate, zip(*told(fitted, drawn(600, seed=2)), strict=True))
    shown = confidences >= 0.05
    assert shown.sum() > 600
    assert calibration_error(confidences[shown], right[shown]) < 0.05
    assert fitted.log_share > 0


def test_where_nothing_fits_little_confidence_is_earned():
    fitted = fitted_to(list(drawn(600, seed=1)))
    seen = [(found.fits, fitted.fits(3.0, found.asked)) for found in drawn(300, seed=2)]
    meant, foreign = (
        np.mean([value for fits, value in seen if fits is wanted]) for wanted in (True, False)
    )
    assert foreign < meant - 0.2


def test_where_something_always_fits_the_usual_share_of_strangers_is_expected():
    fitted = fitted_to(list(drawn(200, seed=1, foreign=0)))
    assert fitted.fits(3.0, asked(0.1)) == pytest.approx(1 - FOREIGN)
    assert fitted.fits(9.0, asked(0.9, size=7)) == pytest.approx(1 - FOREIGN)


def test_the_order_is_that_of_the_scores_that_are_given_and_not_of_fusion():
    lists = list(drawn(300, seed=1))
    backwards = fit_confidence(lists, [-found.scores for found in lists], **ABOUT)
    assert fitted_to(lists).log_share > 0
    assert backwards.log_share < 0


def test_a_fit_says_what_it_was_fitted_to():
    fitted = fitted_to(list(drawn(100, seed=1)))
    assert (fitted.words_weight, fitted.encoder, fitted.fitted_on) == (0.1, "made", "up")
