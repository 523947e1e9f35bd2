import pytest

from data.formats.rejections import Rejection
from data.records import Alignment, Dataset, Outcome, Resource, Split
from data.splits import Plan
from training.freezing.content import Content, counts_of
from training.freezing.rows import rows_of

TRAIN, TEST = Split.TRAIN, Split.TEST


@pytest.fixture
def content():
    """Three resources, of which two are near-duplicates, and two outcomes below a heading."""
    return Content(
        plan=Plan(),
        dataset=Dataset(name="d"),
        sources=[],
        outcomes=[
            Outcome(id="h", framework="f", title="Year 4", levels=("4",), assignable=False),
            Outcome(id="o", framework="f", parent="h", title="Add", description="Sums"),
            Outcome(id="p", framework="f", parent="h", title="Spell"),
        ],
        resources=[Resource(id=name, title=f"Lesson {name}", text="Body") for name in "abc"],
        accepted=[
            Alignment(resource="a", outcome="o", split=TRAIN),
            Alignment(resource="b", outcome="o", split=TRAIN),
            Alignment(resource="c", outcome="p", split=TEST),
        ],
        rejected=[
            Rejection(resource="a", outcome="p", split=TRAIN),
            Rejection(resource="c", outcome="o", split=TEST),
        ],
        resource_families={"a": "a", "b": "a", "c": "c"},
        outcome_families={"o": "o", "p": "p"},
        left_out={"deferred": 1},
    )


def test_near_identical_rows_weigh_one_together(content):
    weights = {
        (row["resource"], row["outcome"]): row["weight"]
        for rows in rows_of(content).values()
        for row in rows
    }
    assert weights == {
        ("a", "o"): 0.5,
        ("b", "o"): 0.5,
        ("c", "p"): 1,
        ("a", "p"): 1,
        ("c", "o"): 1,
    }


def test_a_row_has_the_texts_and_levels_that_a_model_sees(content):
    row = rows_of(content)[TRAIN][0]
    assert row["resource_text"] == "Lesson a\nBody"
    assert row["outcome_text"] == "Year 4 › Add\nSums"
    assert row["outcome_levels"] == ["4"]


def test_counts_tell_labels_and_what_they_are_about_in_each_split(content):
    counts = counts_of(content)
    assert counts["splits"] == {
        "train": {"accepted": 2, "rejected": 1, "resources": 2, "outcomes": 1},
        "dev": {"accepted": 0, "rejected": 0, "resources": 0, "outcomes": 0},
        "test": {"accepted": 1, "rejected": 1, "resources": 1, "outcomes": 1},
    }
    assert (counts["resources"], counts["resource_families"], counts["outcomes"]) == (3, 2, 2)
    assert counts["left_out"] == {"deferred": 1}
