import numpy as np
import pytest

from data.errors import GatewaysError
from data.records import Outcome, Resource
from evaluation.metrics import calibration_error
from models.aligner import Aligner
from models.confidence import RIVALS
from models.indexing import build
from models.suggestion import Query
from models.text import resource_text
from training.confidence import fit_confidence

SUBJECTS = ("maths", "science", "history", "art")
PER_SUBJECT = 15


def vocabulary(subject, number):
    return [f"{subject}{number}word{place}" for place in range(6)] + [f"{subject}{number % 5}near"]


OUTCOMES = [
    Outcome(
        id=f"{subject}-{number}",
        framework="f",
        title=" ".join(vocabulary(subject, number)),
        subject=subject,
    )
    for subject in SUBJECTS
    for number in range(PER_SUBJECT)
]


def lessons(count, seed):
    """Resources with some words of the outcome that they teach and the rest of any other."""
    generator = np.random.default_rng(seed)
    gold, resources = {}, []
    for number in range(count):
        own = OUTCOMES[generator.integers(len(OUTCOMES))]
        about = [own if generator.random() < 0.5 else None for _ in range(6)]
        kept = [
            generator.choice((found or OUTCOMES[generator.integers(len(OUTCOMES))]).title.split())
            for found in about
        ]
        resources.append(Resource(id=f"r{number}", title=" ".join(kept), subject=own.subject))
        gold[f"r{number}"] = frozenset({own.id})
    return resources, gold


@pytest.fixture(scope="module")
def aligner(hashing_of, confidence):
    encoder = hashing_of(1024)
    return Aligner(build(OUTCOMES, [], encoder, confidence=confidence), encoder)


def lists(aligner, fitted, resources, gold):
    """Confidences and truths of each list that `fitted` would give."""
    for resource in resources:
        query = Query(text=resource_text(resource))
        answer = aligner.rank(query, aligner.encode([query])[0], k=RIVALS)
        scores = np.array([found.score for found in answer.suggestions])
        right = [found.outcome in gold[resource.id] for found in answer.suggestions]
        yield fitted.of(scores, nearest(aligner, query), len(OUTCOMES)), np.array(right)


def nearest(aligner, query):
    return float(aligner.snapshot.outcomes.search(aligner.encode([query]), 1)[1][0, 0])


def test_a_fit_means_what_it_says_on_resources_that_it_never_saw(aligner):
    fitted = fit_confidence(aligner, *lessons(600, seed=1), fitted_on="made up")
    confidences, right = map(
        np.concatenate, zip(*lists(aligner, fitted, *lessons(400, seed=2)), strict=True)
    )
    shown = confidences >= 0.05
    assert shown.sum() > 400
    assert calibration_error(confidences[shown], right[shown]) < 0.1
    assert fitted.log_share > 0


def test_a_fit_says_for_which_encoder_and_on_what_it_was_made(aligner):
    fitted = fit_confidence(aligner, *lessons(200, seed=1), fitted_on="made up (train)")
    assert (fitted.encoder, fitted.fitted_on) == ("hashing", "made up (train)")


def test_the_same_data_and_seed_give_the_same_fit(aligner):
    data = lessons(200, seed=1)
    first = fit_confidence(aligner, *data, fitted_on="")
    assert fit_confidence(aligner, *data, fitted_on="") == first
    assert fit_confidence(aligner, *data, fitted_on="", seed=1) != first


def test_where_nothing_fits_little_confidence_is_earned(aligner):
    resources, gold = lessons(600, seed=1)
    fitted = fit_confidence(aligner, resources, gold, fitted_on="")

    def fits(text):
        query = Query(text=text)
        best = aligner.rank(query, aligner.encode([query])[0]).suggestions[0].score
        return fitted.fits(best, nearest(aligner, query), len(OUTCOMES))

    meant = [fits(resource_text(resource)) for resource in resources[:100]]
    garbled = [fits(f"nothing{number} that anyone means") for number in range(100)]
    assert np.mean(garbled) < np.mean(meant) - 0.2


@pytest.mark.parametrize("count", [0, 1, 40])
def test_too_few_right_suggestions_are_refused_with_their_number(aligner, count):
    with pytest.raises(GatewaysError, match=f"tiny: {count} aligned resources are too few"):
        fit_confidence(aligner, *lessons(count, seed=1), fitted_on="tiny")


def test_a_framework_without_subjects_can_be_fitted_on(confidence, hashing_of):
    bare = [Outcome(id=outcome.id, framework="f", title=outcome.title) for outcome in OUTCOMES]
    encoder = hashing_of(1024)
    aligner = Aligner(build(bare, [], encoder, confidence=confidence), encoder)
    assert fit_confidence(aligner, *lessons(300, seed=1), fitted_on="").log_share > 0
