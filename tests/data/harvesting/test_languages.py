"""Languages as others write them."""

import pytest

from data.harvesting.languages import first_tag, spoken_in, tag_of


@pytest.mark.parametrize(
    ("written", "tag"),
    [("eng", "en"), ("ger", "de"), ("deu", "de"), ("fre", "fr"), ("pt_BR", "pt-BR"), ("en", "en")]
    + [(odd, None) for odd in ("English", "none", "x-none", "und", "zxx", "", "q" * 50, "\x00")],
)
def test_codes_become_tags(written, tag):
    assert tag_of(written) == tag


def test_the_first_that_names_a_language_counts():
    assert first_tag([None, "none", "swa", "en"]) == "sw"
    assert first_tag([]) is None


def test_texts_are_taken_in_the_language_else_unmarked_else_in_the_first_one():
    texts = [("Bruch", "ger"), ("fraction", "en"), ("fraction b", "en-GB"), ("?", None)]
    assert spoken_in(texts, "en") == ["fraction", "fraction b"]
    assert spoken_in(texts, "de-AT") == ["Bruch"]
    assert spoken_in(texts, "fr") == ["?"]
    assert spoken_in(texts[:2], "fr") == ["Bruch"]
    assert spoken_in([], "fr") == []
