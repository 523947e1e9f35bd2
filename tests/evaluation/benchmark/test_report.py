import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.records import Resource
from evaluation.alignment.scoring import Figure
from evaluation.benchmark.comparison import compare
from evaluation.benchmark.report import Point, Report
from evaluation.benchmark.report_file import read_report, write_report

FIRST = [
    "dataset",
    "split",
    "by",
    "queries",
    "candidates",
    "seconds",
    "mean_f2",
    "recall@1",
    "recall@5",
    "recall@10",
    "recall@50",
    "mrr",
    "ndcg@10",
    "ece",
    "intervals",
]


@pytest.fixture
def report(report_of):
    resources = [
        Resource(id="r0", title="Ein <Titel>", language="de", subject="Kunst", levels=("4", "5")),
        Resource(id="r1", title="二", kind="video"),
        Resource(id="r2", title="Three"),
    ]
    return report_of([True, False, True], resources=resources)


def test_figures_stand_at_the_top_by_their_names(report):
    stated = report.to_json()
    assert list(stated)[: len(FIRST)] == FIRST
    assert (stated["dataset"], stated["queries"], stated["candidates"]) == ("made", 3, 25)
    assert stated["recall@1"] == round(2 / 3, 4)
    assert stated["intervals"]["recall@1"][1] == 1
    assert stated["mean_over_outcomes"]["recall@1"] == round(2 / 3, 4)


def test_each_query_has_its_values_slices_and_pairs(report):
    first, second, _ = report.per_query.values()
    assert first.values == {"mean_f2": 1, "recall@1": 1, "recall@10": 1, "mrr": 1}
    assert first.slices["level"] == ("4", "5")
    assert first.pairs == ((0.8, True),)
    assert second.values == {"mean_f2": 0, "recall@1": 0, "recall@10": 0, "mrr": 0.05}
    assert second.pairs == ((0.8, False),)


def test_recall_by_k_calibration_and_mistakes_are_there(report):
    assert len(report.recall_by_k) == 50
    assert report.recall_by_k[0] == report.recall_by_k[18] == round(2 / 3, 4)
    assert report.recall_by_k[19] == 1
    assert sum(found.pairs for found in report.calibration) == 3
    assert report.figures["ece"].value == round(0.8 - 2 / 3, 4)
    assert sum(report.mistakes.values()) == 1
    assert [case.resource for case in report.cases] == ["r1"]


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_a_report_is_the_same_after_it_was_json(report_of, rights, confidence):
    report = report_of(rights, confidence=confidence)
    curve = (Point(decisions=50, figures={"mrr": Figure(value=0.6, low=0.5, high=0.7)}),)
    for each in (report, replace(report, learning_curve=curve)):
        assert Report.from_json(json.loads(json.dumps(each.to_json()))) == each


def test_a_point_of_the_learning_curve_is_written_as_the_figures_at_the_top_are(report):
    point = Point(decisions=50, figures={"mrr": Figure(value=0.6, low=0.5, high=0.7)})
    stated = replace(report, learning_curve=(point,)).to_json()
    assert stated["learning_curve"] == [
        {"decisions": 50, "mrr": 0.6, "intervals": {"mrr": [0.5, 0.7]}}
    ]


def test_a_report_is_the_same_after_it_was_a_file(report, tmp_path):
    path = tmp_path / "report.json"
    write_report(path, report, compare(report, report))
    assert read_report(path) == report
    stated = json.loads(path.read_text(encoding="utf-8"))
    assert [said[:6] for said in stated["comparison"]["objections"]] == ["Only 3"]
    assert stated["comparison"]["doubts"] == []
    assert stated["comparison"]["overall"]["changes"]["mrr"]["low"] == 0
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(stated) + 2


@pytest.mark.parametrize(
    ("content", "said"),
    [("{}", "intervals"), ("[]", "no report"), ('{"intervals": {}}', "dataset"), ("{", "no JSON")],
)
def test_another_file_is_no_report(tmp_path, content, said):
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(GatewaysError, match=said) as error:
        read_report(path)
    assert str(path) in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(GatewaysError, match=r"gone\.json: cannot be read"):
        read_report(tmp_path / "gone.json")
