import pytest

from data.formats.made_ids import with_id
from data.records import Outcome, Resource


def made(kind=Resource, framework="f", **row):
    return with_id(kind, {"title": "Kites", **row}, framework)["id"]


def test_a_row_that_has_an_id_keeps_it():
    row = {"id": "r1", "title": "Kites"}
    assert with_id(Resource, row, "f") is row


def test_the_same_row_has_the_same_id_in_whatever_order_its_columns_stand():
    row = {"title": "Kites", "language": "en", "levels": ["3", "4"]}
    assert made(**row) == made(**dict(reversed(row.items()))) != made(**row | {"language": "fr"})


@pytest.mark.parametrize(
    ("kind", "telling"), [(Resource, {"url": "https://a.example"}), (Outcome, {"code": "1.1"})]
)
def test_title_and_address_or_code_tell_a_row_whatever_else_of_it_changes(kind, telling):
    known = made(kind, **telling)
    assert made(kind, **telling, description="New", views="17") == known
    assert made(kind, **telling | {"title": "Wind"}) != known
    assert made(kind, **dict.fromkeys(telling, "other")) != known


def test_rows_of_the_same_title_without_an_address_are_told_by_all_our_fields():
    assert made(levels=["3"]) != made(levels=["4"])
    assert made(views="17") == made(views="18")


@pytest.mark.parametrize("telling", [{}, {"code": "1.1"}])
def test_an_outcome_of_another_framework_is_another(telling):
    ids = {with_id(Outcome, {"title": "Count", **telling}, name)["id"] for name in ("f", "g")}
    row = {"title": "Count", "framework": "f", **telling}
    assert len(ids) == 2
    assert with_id(Outcome, row, "g")["id"] in ids


def test_half_of_a_surrogate_pair_has_an_id_too():
    assert made(url="\ud800").startswith("row-")
