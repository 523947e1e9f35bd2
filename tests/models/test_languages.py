import pytest

from models.languages import primary, unsupported_script

ENGLISH = frozenset({"en"})


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("pt_BR", "pt"),
        ("ZH-Hant-TW", "zh"),
        ("eng", "en"),
        ("iw", "he"),
        ("", ""),
        ("not a tag", ""),
        ("und", ""),
        ("mul", ""),
        ("zxx", ""),
    ],
)
def test_a_tag_gives_the_shortest_code_of_its_language(tag, language):
    assert primary(tag) == language


@pytest.mark.parametrize("text", ["جمع الكسور", "भिन्नों का योग", "分数的加法", "Сложение дробей"])
def test_a_script_that_an_english_encoder_cannot_read_is_known(text):
    assert unsupported_script(text, ENGLISH)


@pytest.mark.parametrize(
    "text", ["Adding fractions", "Élèves à l'école", "3 + 4 = 7", "π in words", ""]
)
def test_latin_texts_are_not_refused_for_their_script(text):
    assert not unsupported_script(text, ENGLISH)


def test_what_most_letters_are_in_decides():
    assert not unsupported_script("The word كسر means fraction", ENGLISH)
    assert unsupported_script("كلمة fraction تعني كسر بالعربية", ENGLISH)


@pytest.mark.parametrize("spoken", [frozenset(), frozenset({"en", "ar"}), frozenset({"hi"})])
def test_other_encoders_are_not_judged_by_script(spoken):
    assert not unsupported_script("جمع الكسور", spoken)
