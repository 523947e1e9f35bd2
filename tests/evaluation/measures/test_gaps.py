import pytest
from rich.console import Console

from evaluation.measures.gaps import gaps
from evaluation.reporting.gaps_view import gaps_table


def row(by, name, value):
    return {"by": by, "name": name, "targets": 30, "recall@10": value, "ece": value}


ROWS = [row("level", "1", 0.5), row("level", "[2]", 0.4), row("level", "3", 0.45)]
LANGUAGES = [row("language", "en", 0.7), row("language", "fr", 0.2)]


def test_the_widest_gap_comes_first_and_both_respects_are_told():
    assert gaps([*ROWS, *LANGUAGES], "recall@10") == [
        {"by": "language", "width": 0.5, "best": "en", "worst": "fr"},
        {"by": "level", "width": 0.1, "best": "1", "worst": "[2]"},
    ]


def test_where_less_is_better_the_most_is_worst():
    first, second = gaps([*ROWS, *LANGUAGES], "ece", less_is_better=True)
    assert (first["best"], first["worst"]) == ("fr", "en")
    assert (second["best"], second["worst"]) == ("[2]", "1")


@pytest.mark.parametrize("few", [[], LANGUAGES[:1]])
def test_that_a_gap_cannot_be_told_is_told_last(few):
    last = gaps([*few, *ROWS], "recall@10")[-1]
    assert last == {"by": "language", "width": None, "best": None, "worst": None}


def test_all_alike_is_no_gap_and_is_told_before_what_is_not_known():
    alike = [row("level", "1", 0.5), row("level", "2", 0.5)]
    assert [gap["width"] for gap in gaps(alike, "recall@10")] == [0.0, None]


def test_a_person_sees_who_is_served_worst_and_what_is_not_known():
    console = Console(width=120)
    found = {"gaps": gaps(ROWS, "recall@10"), "slices": ROWS}
    with console.capture() as shown:
        console.print(gaps_table(found, "recall@10", "targets", 30))
    said = shown.get()
    assert "«[2]» 0.400 (30 targets)" in said
    assert "0.100" in said
    assert "fewer than two have 30 targets" in said
