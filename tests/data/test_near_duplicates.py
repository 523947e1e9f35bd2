from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import data.near_duplicates
from data.near_duplicates import families, near_duplicates, normalised

LESSON = "I can add two fractions with the same denominator and explain what I did"


def shingles(text):
    padded = f" {text} "
    return {padded[at : at + 5] for at in range(max(1, len(padded) - 4))}


def similarity(one, other):
    return Fraction(len(one & other), len(one | other))


def variants(draw):
    """Texts that differ in a few words, so that many are nearly alike and many nearly not."""
    words = draw(st.lists(st.sampled_from(["uno", "dos", "कम", "é", "4", "১২"]), max_size=3))
    kept = draw(st.integers(4, len(LESSON.split())))
    return " ".join([*LESSON.split()[:kept], *words])


texts = st.lists(st.one_of(st.composite(variants)(), st.text(max_size=8)), min_size=1, max_size=25)


@given(texts)
def test_exactly_the_pairs_that_are_alike_are_found(found):
    found = [normalised(text) for text in found]
    first, second = near_duplicates(found)
    sets = [shingles(text) for text in found]
    alike = {
        (one, other)
        for one, other in combinations(range(len(found)), 2)
        if similarity(sets[one], sets[other]) >= Fraction(4, 5)
    }
    assert set(zip(first.tolist(), second.tolist(), strict=True)) == alike


def test_blocks_find_what_one_block_finds(monkeypatch):
    found = [f"{LESSON} number {n} {'x' * (n % 7)}" for n in range(23)]
    whole = set(zip(*near_duplicates(found), strict=True))
    monkeypatch.setattr(data.near_duplicates, "BLOCK", 5)
    assert set(zip(*near_duplicates(found), strict=True)) == whole
    assert len(whole) > 23


def test_a_family_is_called_by_its_smallest_id_and_reaches_over_others():
    long = LESSON.split()
    chain = {f"r{n}": " ".join(long[n:]) for n in range(7)}
    assert similarity(shingles(chain["r0"]), shingles(chain["r6"])) < Fraction(4, 5)
    assert families({**chain, "a": "Something else"}) == dict.fromkeys(chain, "r0") | {"a": "a"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Add fractions!", "add  FRACTIONS"),
        ("Straße", "STRASSE"),
        ("ｆｕｌｌ width", "full width"),
        ("किताब", "किताब।"),
        ("∑", "∑"),
    ],
)
def test_case_form_and_punctuation_make_no_difference(one, other):
    assert families({"x": one, "y": other}) == {"x": "x", "y": "x"}


def test_short_texts_that_say_different_things_are_no_family():
    assert families({"x": "Part 1", "y": "Part 2", "z": "∑", "w": "+"}) == {
        "w": "w",
        "x": "x",
        "y": "y",
        "z": "z",
    }


def test_no_text_is_no_family():
    assert families({}) == {}


def test_what_is_known_to_be_equal_is_of_one_family_with_all_that_is_alike():
    texts = {"a": "Half", "b": "La moitié", "c": "La moitie\u0301", "d": "A third"}
    found = families(texts, [("b", "a"), ("d", "gone")])
    assert found == {"a": "a", "b": "a", "c": "a", "d": "d"}
