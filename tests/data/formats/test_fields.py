import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.formats.fields import RowError, from_cell, identifier, language, shown


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant", "und", "x-private", "xx", "de-1996"])
def test_a_well_formed_tag_passes_even_if_nobody_knows_it(tag):
    assert language({"language": tag}) == tag


@pytest.mark.parametrize("tag", ["english", "English", "e", "en-", "fr, en", "हिन्दी", "en\n"])
def test_what_is_not_a_language_tag_is_refused(tag):
    with pytest.raises(RowError, match="must be a BCP 47 tag such as en, pt-BR or zh-Hant"):
        language({"language": tag})


@given(st.text(max_size=30))
def test_any_text_is_a_tag_or_a_row_error(tag):
    try:
        assert language({"language": tag}) in (tag, None)
    except RowError as error:
        assert str(error).startswith("language ")


@given(st.text(st.characters()))
def test_a_shown_text_is_printable_and_short(text):
    assert shown(text).isprintable()
    assert len(shown(text)) <= 62 + 9 * 62


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("levels", " Year 1; Year 2 ;; ", ["Year 1", "Year 2"]),
        ("position", "-12", -12),
        ("position", "1.5", "1.5"),
        ("position", "٣", "٣"),
        ("assignable", "Yes", True),
        ("assignable", "0", False),
        ("assignable", "maybe", "maybe"),
        ("title", "1", "1"),
    ],
)
def test_a_cell_is_typed_for_its_field(name, cell, value):
    assert from_cell(name, cell) == value


@pytest.mark.parametrize("turn", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_an_id_that_would_be_shown_as_another_one_is_refused(turn):
    with pytest.raises(RowError, match=f"id holds U\\+{turn:04X}"):
        identifier({"id": f"a{chr(turn)}b"}, "id")


def test_an_id_in_a_script_from_right_to_left_is_taken_with_its_marks():
    assert identifier({"id": "رياضيات\u200f-١"}, "id") == "رياضيات\u200f-١"
