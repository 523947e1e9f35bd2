import numpy as np
import pytest

from data.records import Alignment, Outcome, Resource
from models.text import resource_text
from service.benchmarks.made_up import OWN, RESOURCE_WORDS, MadeUp, directions


@pytest.fixture(scope="module")
def made():
    return MadeUp(resources=60, outcomes=25)


def of(made, kind):
    return [row.record for row in made.read(kind)]


def test_a_made_up_catalogue_is_the_same_each_time(made):
    again = MadeUp(resources=60, outcomes=25)
    for kind in (Outcome, Resource, Alignment):
        assert of(made, kind) == of(again, kind)
    assert len(of(made, Resource)) == len(of(made, Alignment)) == 60


def test_no_two_resources_have_one_text_and_each_is_as_long_as_a_lesson(made):
    texts = [resource_text(resource) for resource in of(made, Resource)]
    assert len({*texts}) == 60
    assert {len(text.split()) for text in texts} == {RESOURCE_WORDS}


def test_a_resource_shares_more_words_with_its_own_outcome_than_with_most(made):
    titles = [{*one.title.lower().split()} for one in of(made, Outcome) if one.assignable]
    places = []
    for number, resource in enumerate(of(made, Resource)):
        said = resource_text(resource).lower().split()
        shared = [sum(word in title for word in said) for title in titles]
        places.append(sum(count > shared[number % 25] for count in shared))
    assert np.median(places) < 3


def test_made_up_vectors_are_of_unit_length_and_near_their_outcomes():
    outcomes = directions(25, 384)
    vectors = MadeUp(resources=60, outcomes=25).vectors(outcomes)
    assert vectors.shape == (60, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(60), abs=1e-5)
    own = (vectors * outcomes[np.arange(60) % 25]).sum(axis=1)
    assert own.mean() == pytest.approx(OWN, abs=0.05)
