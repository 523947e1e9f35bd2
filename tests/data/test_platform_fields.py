import pytest

from data.formats.fields import RowError
from data.platform_fields import platform_of
from data.records import Platform

LEAST = {"id": "ke", "name": "Shelf", "operator": "Ministry"}


def test_what_is_empty_is_left_out_and_spaces_at_the_ends_too():
    said = {**LEAST, "name": " Shelf ", "url": "", "license": None, "languages": ["sw", "en"]}
    assert platform_of(said, 5.0) == Platform(
        id="ke", name="Shelf", operator="Ministry", languages=("sw", "en"), created=5.0
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "Kenya"),
        ("id", "-ke"),
        ("id", "none"),
        ("id", "x" * 65),
        ("name", " "),
        ("name", "two\nlines"),
        ("name", "x" * 201),
        ("operator", ""),
        ("url", "javascript:alert(1)"),
        ("url", "https://"),
        ("languages", ["no such tag"]),
        ("languages", [""]),
        ("note", "a\0b"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(field, value):
    with pytest.raises(RowError, match=f"^{field} "):
        platform_of({**LEAST, field: value}, 5.0)
