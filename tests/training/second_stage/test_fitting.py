"""Resources → a ranker with its confidence, from end to end, on outcomes that were made up."""

from dataclasses import replace

import numpy as np
import pytest

from data.errors import GatewaysError
from data.records import Outcome, Resource
from evaluation.measures.metrics import calibration_error
from models.alignment.aligner import Aligner
from models.snapshots.indexing import build
from models.suggestion import Query
from models.text import query_of
from training.labelled import Labelled
from training.second_stage.fitting import fit_second_stage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fitted_on(made_up_snapshot, hashing_of):
    def fitted(labelled, snapshot=made_up_snapshot, **options):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("training.second_stage.lists.MOST_PARTS", 12)
            patch.setattr("training.second_stage.lists.SIZE", 40)
            about = {"words_weight": 0.3, "fitted_on": "made up"}
            return fit_second_stage(snapshot, hashing_of(256), labelled, **about, **options)

    return fitted


@pytest.fixture(scope="module")
def stage(fitted_on, made_up):
    return fitted_on(made_up.lessons(400, seed=1))


@pytest.fixture(scope="module")
def aligner(stage, made_up, hashing_of):
    encoder = hashing_of(256)
    snapshot = build(made_up.outcomes, [], encoder, confidence=stage.confidence)
    return Aligner(replace(snapshot, ranker=stage.ranker), encoder)


def ask(aligner, query):
    return aligner.rank(query, aligner.encode([query])[0], k=100, explain=False)


def test_a_fit_says_what_it_was_fitted_to(stage):
    confidence = stage.confidence
    assert (confidence.encoder, confidence.fitted_on) == ("hashing", "made up")
    assert confidence.words_weight == 0.3


def test_confidence_means_what_it_says_on_resources_that_nothing_was_learned_from(aligner, made_up):
    seen = made_up.lessons(300, seed=2)
    confidences, right = [], []
    for resource in seen.resources:
        for found in ask(aligner, query_of(resource)).suggestions:
            confidences.append(found.confidence)
            right.append(found.outcome in seen.gold[resource.id])
    confidences, right = np.array(confidences), np.array(right)
    shown = confidences >= 0.05
    assert shown.sum() > 200
    assert calibration_error(confidences[shown], right[shown]) < 0.1


def test_where_nothing_fits_little_confidence_is_earned(aligner, made_up):
    meant = [
        ask(aligner, query_of(found)).suggestions[0].confidence
        for found in made_up.lessons(100, seed=2).resources
    ]
    garbled = [
        ask(aligner, Query(text=f"nothing{n} that anyone means")).suggestions[0].confidence
        for n in range(50)
    ]
    assert np.mean(garbled) < np.mean(meant) - 0.2


def test_a_ranker_knows_the_subjects_that_it_learned_from(fitted_on, made_up):
    lessons = made_up.lessons(400, seed=1)
    kept = [found for found in lessons.resources if found.subject != "maths"]
    ranker = fitted_on(
        Labelled(resources=kept, gold={k.id: lessons.gold[k.id] for k in kept})
    ).ranker

    def familiar(subject, framework="f"):
        found = (one for one in made_up.outcomes if one.subject == subject)
        return ranker.familiar(replace(one, framework=framework) for one in found)

    assert familiar("science") == {"f"}
    assert familiar("maths") == set()
    assert familiar("science", framework="g") == set()


def test_a_framework_without_subjects_and_levels_can_be_fitted_on(
    fitted_on, made_up, hashing_of, confidence
):
    bare = [Outcome(id=found.id, framework="f", title=found.title) for found in made_up.outcomes]
    lessons = made_up.lessons(120, seed=1)
    resources = [Resource(id=found.id, title=found.title) for found in lessons.resources]
    snapshot = build(bare, [], hashing_of(256), confidence=confidence)
    stage = fitted_on(Labelled(resources=resources, gold=lessons.gold), snapshot)
    assert stage.confidence.log_share > 0
    assert stage.ranker.familiar(bare) == {"f"}


def test_too_few_resources_and_too_few_outcomes_are_refused(fitted_on, made_up):
    with pytest.raises(GatewaysError, match="40 aligned resources are too few"):
        fitted_on(made_up.lessons(40, seed=1))
    lessons = made_up.lessons(120, seed=1)
    gold = {name: frozenset({"maths-1"}) for name in lessons.gold}
    with pytest.raises(GatewaysError, match="too few outcomes"):
        fitted_on(Labelled(resources=lessons.resources, gold=gold))
