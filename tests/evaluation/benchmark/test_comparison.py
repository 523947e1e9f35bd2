from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.records import Resource
from evaluation.benchmark.comparison import compare

SUBJECTS = ("Art", "Music")


@pytest.fixture(scope="module")
def reports(report_of):
    """Reports on 60 lessons of art and 60 of music, of which so many are right in each."""

    def made(art, music, **more):
        rights = [number < art for number in range(60)] + [number < music for number in range(60)]
        resources = [
            Resource(id=f"r{number}", title="T", subject=SUBJECTS[number // 60], levels=("4",))
            for number in range(120)
        ]
        return report_of(rights, resources=resources, **more)

    return made


@given(st.lists(st.booleans(), min_size=1, max_size=40))
@settings(max_examples=10, deadline=None)
def test_a_report_differs_in_nothing_from_itself(report_of, rights):
    report = report_of(rights)
    found = compare(report, report, samples=50)
    for part in (found.overall, *found.slices):
        for change in part.changes.values():
            assert (change.difference, change.low, change.high) == (0, 0, 0)
    assert (found.falls(), found.doubts()) == ((), ())


def test_the_difference_is_that_of_the_means(reports):
    before, after = reports(30, 30, name="old"), reports(45, 36, name="new")
    found = compare(before, after)
    assert (found.before.name, found.after.name) == ("old", "new")
    change = found.overall.changes["recall@10"]
    assert (change.before, change.after) == (0.5, 0.675)
    assert change.low < change.difference < change.high
    assert change.low > 0
    art, music = (part for part in found.slices if part.by == "subject")
    assert (str(art), art.queries) == ("subject «Art»", 60)
    assert art.changes["mean_f2"].difference == pytest.approx(0.25)
    assert music.changes["mean_f2"].difference == pytest.approx(0.1)
    assert found.objections() == ()


def test_what_is_hard_for_both_models_falls_out_of_the_difference(reports):
    """Unpaired, two halves of 120 would differ by chance by .13; here one query differs."""
    change = compare(reports(30, 30), reports(31, 30)).overall.changes["mean_f2"]
    assert change.high - change.low < 0.03


def test_the_interval_is_as_wide_as_theory_says(reports):
    change = compare(reports(60, 0), reports(40, 0)).overall.changes["mean_f2"]
    differences = np.array([-1] * 20 + [0] * 100)
    assert change.high - change.low == pytest.approx(
        2 * 1.96 * differences.std() / np.sqrt(120), rel=0.1
    )


def test_a_model_that_is_worse_overall_must_not_be_promoted(reports):
    said = compare(reports(50, 50), reports(40, 40)).objections()
    assert "Mean F2 falls from 0.833 to 0.667 overall (120 resources; 95 % interval" in said[0]
    assert any(sentence.startswith("Recall@10 falls") for sentence in said)


@pytest.mark.parametrize(("right", "said"), [([True], "1 resource"), ([True] * 29, "29 resources")])
def test_too_few_to_tell_are_an_objection_whatever_they_say(report_of, right, said):
    found = compare(report_of([not one for one in right]), report_of(right))
    (objection,) = found.objections()
    assert objection.startswith(f"Only {said} judged the two; 30 are the fewest")
    assert found.doubts() == ()


def test_it_is_told_how_far_a_figure_could_have_fallen_unnoticed(report_of):
    before = [number % 2 == 0 for number in range(40)]
    after = [number % 3 == 0 for number in range(40)]
    found = compare(report_of(before), report_of(after))
    assert found.objections() == ()
    change = found.overall.changes["mean_f2"]
    (doubt,) = found.doubts()
    said = f"fall of up to {(change.high - change.low) / 2:.3f} in Mean F2 or "
    assert said in doubt
    assert "Judged by 40 resources" in doubt
    assert "the margin of 0.02" in doubt
    assert found.to_json()["doubts"] == (doubt,)
    assert found.doubts(margin=0.5) == ()


def test_where_many_judge_there_is_no_doubt(report_of):
    before = [number % 2 == 0 for number in range(1000)]
    after = [not before[0], *before[1:]]
    assert compare(report_of(before), report_of(after)).doubts() == ()


def test_a_slice_that_falls_is_an_objection_though_the_whole_rises(reports):
    found = compare(reports(20, 50), reports(60, 40))
    assert found.overall.changes["mean_f2"].low > 0
    said = found.objections()
    assert len(said) == 2
    assert all("in subject «Music» (60 resources" in sentence for sentence in said)
    assert found.objections(margin=0.2) == ()


def test_a_small_or_an_uncertain_fall_is_no_objection(reports):
    within_margin = compare(reports(60, 60), reports(60, 59))
    assert within_margin.objections() == ()
    swapped = reports(31, 30)
    uncertain = compare(swapped, reports(30, 30))
    assert uncertain.overall.changes["mean_f2"].difference < 0
    assert uncertain.objections() == ()


def test_slices_of_few_queries_are_not_judged(report_of):
    resources = [
        Resource(id=f"r{number}", title="T", subject="Few" if number < 29 else "Many")
        for number in range(100)
    ]
    before = report_of([True] * 100, resources=resources)
    after = report_of([False] * 29 + [True] * 71, resources=resources)
    names = [part.name for part in compare(before, after).slices if part.by == "subject"]
    assert names == ["Many"]


def test_the_calibration_error_is_compared_too(reports):
    before, after = reports(30, 30, confidence=0.9), reports(30, 30, confidence=0.6)
    change = compare(before, after).overall.changes["ece"]
    assert (change.before, change.after) == (pytest.approx(0.4), pytest.approx(0.1))
    assert change.high < 0


def test_different_data_cannot_be_compared(report_of):
    one, other = report_of([True] * 3), report_of([True] * 4)
    with pytest.raises(GatewaysError, match="different data"):
        compare(one, other)
    with pytest.raises(GatewaysError, match="different data"):
        compare(one, replace(one, fingerprint="other"))


def test_the_same_seed_gives_the_same_intervals(reports):
    before, after = reports(20, 30), reports(40, 20)
    first = compare(before, after, samples=50)
    assert compare(before, after, samples=50) == first
    assert compare(before, after, samples=50, seed=1) != first
