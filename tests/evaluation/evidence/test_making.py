"""The report on a catalogue, recounted by hand."""

from dataclasses import replace

import pytest

from data.catalogue import Catalogue
from data.errors import NotFoundError
from data.settings import load_settings
from evaluation.evidence.making import make
from evaluation.evidence.measures import MEASURES
from evaluation.evidence.privacy import Privacy
from tests.evaluation.evidence.conftest import NOW

EXPECTED = {
    "coverage/n": 20 / 24,
    "coverage/east": 12 / 24,
    "coverage/south/framework=f": 8 / 24,
    "coverage/*": 20 / 24,
    # North has an English resource for each third outcome; the others are no further.
    "coverage/n/framework=f/language=en": 7 / 24,
    "coverage/*/framework=f/kind=game": 6 / 24,
    "coverage/n/framework=f/level=Year%202": 10 / 12,
    "coverage/south/framework=f/subject=maths": 8 / 12,
    "coverage_gap/south/framework=f/by=subject": 8 / 12,
    "several_languages/*": 2 / 20,
    "licence_stated/*": 1.0,
    "open_licence/east/language=en": 1.0,
    "described/n": 0.5,
    "downloadable/n": 0.5,
    "aligned/*": 1.0,
    "learners/n": 60.0,
    "learners/*": 60 + 36 + 24 + 12,
    "interactions/n": 2 * (20 * 1 + 20 * 2 + 20 * 3),
    "completions/n/kind=quiz": 40.0,
    "first_score/n": 0.25,
    "last_score/n": 1.0,
    "mastery_gained/n": 1.0,
    # What bo said last of two pairs was said of no suggestion.
    "accepted/n": 2 / 6,
    "accepted/east": 2 / 4,
    "accepted/east/confidence=0.75%E2%80%930.9": 1.0,
    "rejection_reason/east/reason=too%20basic": 1 / 2,
    "agreement/n": 1 / 2,
    "present_decisions/*": 1.0,
}


@pytest.mark.parametrize("id_", EXPECTED)
def test_a_figure_is_what_one_counts_by_hand(report, value, id_):
    assert value(report, id_) == pytest.approx(EXPECTED[id_])


def test_every_measure_that_needs_no_price_is_told_and_no_id_comes_twice(report):
    ids = [one.id for one in report.figures]
    assert len(ids) == len(set(ids))
    assert {one.measure for one in report.figures} == set(MEASURES) - {"free"}


def test_platforms_have_their_names_and_datasets_of_none_their_own(report):
    names = {one.id: (one.name, one.datasets) for one in report.platforms}
    assert names["n"] == ("Northern Institute", ("north",))
    assert names["empty"] == ("Nobody yet", ())
    assert names["south"] == ("south", ("south",))


def test_the_better_half_is_compared_with_the_others(report, value):
    better, others = report.halves
    assert better == ("n", "east")
    assert set(others) == {"south", "west, or «so»"}
    assert value(report, "practice/*/practice=described") == pytest.approx(0.0)


def test_a_report_tells_what_has_changed_since_the_one_before(shared, report):
    with Catalogue.open(shared.catalogue_url) as catalogue:
        later = make(catalogue, Privacy(least=10), report, now=NOW + 86_400)
    assert later.since == NOW
    assert {one.figure.split("/")[0] for one in later.changes} == {"alignment_age"}
    assert all(one.difference == pytest.approx(1.0) for one in later.changes)


def test_one_platforms_part_is_of_it_alone_and_another_is_not_known(report):
    part = report.of("east")
    assert {one.platform for one in part.figures} == {"east"}
    assert replace(part, figures=report.figures) == report
    assert report.of("empty").figures == ()
    with pytest.raises(NotFoundError, match="there are east, empty"):
        report.of("nowhere")


def test_an_empty_catalogue_has_a_report_with_nothing_in_it(tmp_path):
    with Catalogue.open(load_settings(home=tmp_path).catalogue_url) as catalogue:
        empty = make(catalogue, Privacy(least=10))
    assert (empty.figures, empty.platforms, empty.halves) == ((), (), None)
