import pytest

from models.alignment.reasons import NOTICEABLE, STRONGEST, Evidence, reasons
from models.suggestion import ReasonKind

NOTHING = Evidence(meaning=0.4, words=(), moved={})


def kinds(found):
    return [reason.kind for reason in reasons(found)]


def test_meaning_is_always_a_reason():
    (meaning,) = reasons(NOTHING)
    assert (meaning.kind, meaning.strength, meaning.moved) == (ReasonKind.MEANING, 0.4, 0.0)


@pytest.mark.parametrize(("cosine", "strength"), [(-0.3, 0.0), (1.0000001, 1.0), (0.12345, 0.123)])
def test_the_strength_of_meaning_is_its_cosine_between_nothing_and_all(cosine, strength):
    assert reasons(Evidence(meaning=cosine, words=(), moved={}))[0].strength == strength


def test_shared_words_are_told_and_how_far_they_moved_the_score():
    found = Evidence(meaning=0.4, words=("Fractions", "add"), moved={"words": 0.456})
    words = reasons(found)[1]
    assert (words.kind, words.words) == (ReasonKind.WORDS, ("Fractions", "add"))
    assert (words.strength, words.moved) == (0.4, 0.46)


def test_what_else_moved_the_score_is_told_the_strongest_first():
    moved = {"level": -2.0, "title": 1.0, "subject": 0.5, "language": 0.01, "meaning": 3.0}
    listed = reasons(Evidence(meaning=0.4, words=(), moved=moved))
    assert [(reason.kind, reason.moved) for reason in listed] == [
        (ReasonKind.MEANING, 3.0),
        (ReasonKind.LEVEL, -2.0),
        (ReasonKind.TITLE, 1.0),
        (ReasonKind.SUBJECT, 0.5),
    ]
    assert listed[1].strength == pytest.approx(2 / STRONGEST, abs=1e-3)


def test_what_hardly_moves_the_score_is_no_reason():
    assert kinds(Evidence(meaning=0.4, words=(), moved={"title": NOTICEABLE})) == [
        ReasonKind.MEANING,
        ReasonKind.TITLE,
    ]
    assert kinds(Evidence(meaning=0.4, words=(), moved={"title": NOTICEABLE / 2})) == [
        ReasonKind.MEANING
    ]


def test_only_neighbours_name_the_accepted_resources():
    moved = {"neighbours": 1.0, "title": 0.5}
    listed = reasons(Evidence(meaning=0.4, words=(), accepted=["r1", "r2"], moved=moved))
    assert [reason.resources for reason in listed] == [(), ("r1", "r2"), ()]
