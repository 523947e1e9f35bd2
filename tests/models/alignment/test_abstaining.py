"""Whether it is told that nothing fits, by the encoder that ships and the sample's outcomes."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.formats.protocol import ReadOptions, Row
from data.formats.registry import open_document
from data.records import Outcome
from models.alignment.aligner import Aligner
from models.encoders.loading import load_encoder
from models.ranking.background import background_texts
from models.ranking.second_stage import second_stage_for
from models.snapshots.indexing import build
from models.suggestion import AbstentionCause, Query

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parents[3] / "data" / "sample"


@pytest.fixture(scope="module")
def aligner(tmp_path_factory):
    encoder = load_encoder("e5-oak", tmp_path_factory.mktemp("models"))
    stage = second_stage_for("e5-oak")
    rows = open_document(SAMPLE, ReadOptions()).read(Outcome)
    outcomes = [row.record for row in rows if isinstance(row, Row)]
    snapshot = build(outcomes, [], encoder, confidence=stage.confidence)
    return Aligner(replace(snapshot, ranker=stage.ranker), encoder)


def ask(aligner, text):
    query = Query(text=text)
    return aligner.rank(query, aligner.encode([query])[0], k=3)


@pytest.mark.parametrize(
    "text",
    [
        *("hello", "the", "untitled", "video 3", "read me", "good evening everyone", "xkcd vbnm"),
        *("premier league results", "cheap flights to Lisbon", "used cars for sale"),
        *("the best jokes of the year", "chords of a pop song", "the fall of Constantinople"),
        *("Home Contact Privacy", "الرئيسية، اتصل بنا، الخصوصية", "جميع الحقوق محفوظة"),
        *("Inicio Contacto Política de privacidad Aviso legal", "Tous droits réservés"),
    ],
)
def test_what_says_nothing_or_is_about_something_else_has_no_suggestion(aligner, text):
    assert not any(text in texts for texts in background_texts())
    answer = ask(aligner, text)
    assert answer.abstained.cause is AbstentionCause.NOTHING_CLOSE
    assert not any(suggestion.selected for suggestion in answer.suggestions)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (
            "adding fractions with unlike denominators",
            "saltmere-add-fractions-different-denominators",
        ),
        ("circuits", "saltmere-simple-circuits"),
        ("lire un graphique", "arvelle-tableaux-graphiques"),
    ],
)
def test_a_short_text_that_is_taught_has_its_outcome(aligner, text, outcome):
    answer = ask(aligner, text)
    assert answer.abstained is None
    assert outcome in {found.outcome for found in answer.suggestions if found.selected}
