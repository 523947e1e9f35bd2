from pathlib import Path

import pytest

from data.errors import GatewaysError
from data.formats.columns import SYNONYMS, check_columns, guess_kind, match_columns
from data.formats.rows import FIELDS
from data.records import Outcome, Resource

FIELDS_OF_BOTH = FIELDS[Outcome] + FIELDS[Resource]


def test_headings_match_without_regard_to_case_and_spacing():
    matched = match_columns(["ID", " Title ", "Parent ID", "x"], FIELDS[Outcome], {})
    assert matched == {"ID": "id", " Title ": "title", "Parent ID": "parent"}


def test_a_chosen_column_beats_a_name_and_a_name_beats_a_synonym():
    headings = ["Name", "Title", "Heading"]
    assert match_columns(headings, FIELDS[Resource], {}) == {"Title": "title"}
    assert match_columns(headings, FIELDS[Resource], {"title": "heading"}) == {"Heading": "title"}


def test_every_synonym_means_a_field():
    assert set(SYNONYMS.values()) <= set(FIELDS_OF_BOTH)
    assert not set(SYNONYMS) & set(FIELDS_OF_BOTH)


def test_every_synonym_is_documented():
    pages = (Path(__file__).parents[3] / "docs" / "formats.md").read_text("utf-8")
    page = pages.partition("\n## `table`\n")[2].partition("\n## ")[0]
    for heading, field in SYNONYMS.items():
        (row,) = (line for line in page.splitlines() if line.startswith(f"| `{field}` |"))
        assert f"`{heading}`" in row


@pytest.mark.parametrize("heading", ["parent", "Framework", "ASSIGNABLE", "Parent ID"])
def test_a_heading_that_only_outcomes_have_makes_them_outcomes(heading):
    assert guess_kind(["id", "title", heading], {}) == "outcomes"
    assert guess_kind(["id", "title", "url"], {}) == "resources"
    assert guess_kind(["id", "title", "Above"], {"parent": "Above"}) == "outcomes"


def test_a_missing_column_is_named_with_those_that_are_there_and_the_option():
    with pytest.raises(GatewaysError) as caught:
        check_columns(["id", "Heading", ""], FIELDS[Resource], {}, ("id", "title"), "a.csv")
    assert str(caught.value) == (
        "a.csv: no column gives the title; the columns are: id, Heading. "
        "Name one with `--column title=Heading`"
    )


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"title": "Nope"}, "there is no column `Nope`; the columns are: id, title"),
        ({"colour": "title"}, "there is no field `colour` to give a column; fields: id, title, d"),
    ],
)
def test_a_choice_that_cannot_be_is_an_error(chosen, message):
    with pytest.raises(GatewaysError, match=message):
        check_columns(["id", "title"], FIELDS[Resource], chosen, (), "a.csv")
