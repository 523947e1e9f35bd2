import numpy as np
import pytest

from data.records import Outcome
from models.alignment.examiner import Examiner, situation
from models.alignment.facets import Facets
from models.alignment.retrieval import Retrieval
from models.snapshots.indexing import build
from models.suggestion import Query

OUTCOMES = [
    Outcome(id="add", framework="f", title="Add fractions", subject="Mathematics", levels=("3",)),
    Outcome(id="area", framework="f", title="Area of rectangles", subject="Mathematics"),
    Outcome(id="plants", framework="g", title="Plants and light"),
    Outcome(id="stars", framework="g", title="The stars at night"),
]


@pytest.fixture(scope="module")
def examined(hashing_of, confidence):
    """A function: query → what is examined, a framework each."""
    encoder = hashing_of(256)
    snapshot = build(OUTCOMES, [], encoder, confidence=confidence)
    frameworks = Facets(snapshot.entries).frameworks
    examiner = Examiner(snapshot, Retrieval(snapshot, frameworks, 0.2))

    def examine(query):
        vector = encoder.encode([query.text])[0]
        return list(examiner.examine(query, vector, np.ones(len(OUTCOMES), dtype=bool)))

    return examine


def test_what_was_asked_is_known_only_where_the_framework_has_a_name_for_it(examined):
    query = Query(text="Adding fractions", subject="mathematics", levels=("3", "9"))
    maths, science = (found.asked for found in examined(query))
    assert (maths.subject, maths.levels) == (True, True)
    assert (science.subject, science.levels) == (False, False)
    untold, _ = (found.asked for found in examined(Query(text="Adding fractions")))
    assert (untold.subject, untold.levels) == (False, False)


def test_what_was_asked_tells_how_many_words_were_matched_against_how_many_outcomes(examined):
    short, _ = examined(Query(text="Area"))
    longer, _ = examined(Query(text="The area of a rectangle"))
    assert (short.asked.words, short.asked.size) == (1, 2)
    assert longer.asked.words == 5
    assert short.asked.nearest == pytest.approx(short.candidates.cosines.max())
    assert short.asked.elsewhere == short.candidates.elsewhere


def test_without_features_nothing_was_made_of_a_subject(examined):
    query = Query(text="Adding fractions", subject="mathematics", levels=("3",))
    found, _ = examined(query)
    assert not situation(found.candidates, words=2).subject
    assert not situation(found.candidates, words=2).levels
