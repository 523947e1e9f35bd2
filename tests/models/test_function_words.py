import pytest

from models.function_words import function_words
from models.lexical import folded, words


@pytest.mark.parametrize(
    ("language", "word"),
    [("fr", "Pour"), ("fr-CA", "se"), ("en", "that"), ("ar", "إلى"), ("hi", "में"), ("eng", "the")],
)
def test_a_language_has_words_that_say_nothing_of_what_a_text_is_about(language, word):
    assert folded(word) in function_words([language])


def test_each_language_has_its_own_and_several_have_all_of_theirs():
    assert "pour" not in function_words(["en"])  # water, out of a jug
    assert {"pour", "the"} <= function_words(["fr", "en"])
    assert function_words(["xx", None, "not a tag"]) == frozenset()


@pytest.mark.parametrize("language", ["ar", "de", "en", "es", "fr", "hi", "it", "nl", "pt", "sw"])
def test_none_is_cut_in_two_where_texts_are_cut_into_words(language):
    found = function_words([language])
    assert len(found) > 50
    assert [word for word in found if words(word) != [word]] == []


@pytest.mark.parametrize(
    ("language", "taught"), [("en", "between more one same"), ("fr", "entre plus deux même")]
)
def test_what_is_itself_taught_says_something(language, taught):
    assert function_words([language]).isdisjoint(taught.split())
