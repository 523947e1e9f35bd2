import pytest

from service.case.filter import filtered, in_order, selected
from service.case.status_info import CaseError

DOCUMENTS = [
    {
        "identifier": "1",
        "title": "Maths",
        "subject": ["Algebra", "Geometry"],
        "lastChangeDateTime": "2020-01-01T00:30:00+01:00",
        "licenseURI": {"title": "CC BY"},
    },
    {"identifier": "2", "title": "Art's way", "lastChangeDateTime": "2020-01-01T00:00:00Z"},
    {"identifier": "3", "title": "science", "version": "2"},
]


def found(text):
    return "".join(one["identifier"] for one in filtered(DOCUMENTS, text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "123"),
        ("title='maths'", "1"),
        ("title = 'Art''s way'", "2"),
        ("title!='Maths'", "23"),
        ("title~'S'", "123"),
        ("title~'IEN'", "3"),
        ("title>'maths'", "3"),
        ("title<='maths'", "12"),
        ("subject='geometry'", "1"),
        ("subject!='geometry'", "23"),
        ("licenseURI.title='CC BY'", "1"),
        ("lastChangeDateTime<'2020-01-01T00:00:00Z'", "1"),
        ("lastChangeDateTime>='2020-01-01'", "2"),
        ("title='Maths' OR version='2'", "13"),
        ("title~'a' AND subject='Algebra'", "1"),
        ("title='Maths' AND version='2' OR title='science' and version='2'", "3"),
    ],
)
def test_a_filter_lets_through_what_fits(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text", ["", "title", "title='a", "title='a' title='b'", "title='a' AND", "nosuch='a'"]
)
def test_a_filter_that_cannot_be_read_is_refused(text):
    with pytest.raises(CaseError) as caught:
        found(text)
    assert (caught.value.status, caught.value.code) == (400, "invalid_selection_field")
    assert caught.value.field == "filter"


def test_what_lacks_the_field_comes_last_in_either_order():
    def order(field, descending):
        found = in_order(DOCUMENTS, field, descending=descending)
        return "".join(one["identifier"] for one in found)

    assert order("title", False) == "213"
    assert order("title", True) == "312"
    assert order("lastChangeDateTime", False) == "123"
    assert order("lastChangeDateTime", True) == "213"
    assert order(None, True) == "321"
    with pytest.raises(CaseError) as caught:
        order("nosuch", False)
    assert caught.value.code == "invalid_sort_field"


def test_fields_are_selected_and_unknown_ones_refused():
    assert selected(DOCUMENTS, "identifier, version")[2] == {"identifier": "3", "version": "2"}
    assert selected(DOCUMENTS, None) == DOCUMENTS
    with pytest.raises(CaseError) as caught:
        selected(DOCUMENTS, "identifier,")
    assert (caught.value.code, caught.value.field) == ("invalid_selection_field", "fields")
