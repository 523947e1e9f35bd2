from hypothesis import given
from hypothesis import strategies as st

from service.web.curate.marking import marked


def test_words_are_marked_in_every_form_that_means_the_same():
    assert marked("Fractions: a fraction.", ["fraction"]) == [
        ("Fractions", True),
        (": a ", False),
        ("fraction", True),
        (".", False),
    ]


@given(st.text(), st.lists(st.text()))
def test_marking_never_changes_the_text(text, words):
    assert "".join(part for part, _ in marked(text, words)) == text
