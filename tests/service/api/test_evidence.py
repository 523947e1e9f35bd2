"""The report for programs."""

import csv
import io

import pytest

from data.catalogue import Catalogue
from data.workspace import Workspace
from evaluation.evidence.kept import Kept
from evaluation.evidence.making import make
from evaluation.evidence.privacy import Privacy


@pytest.fixture
def report(settings):
    with Catalogue.open(settings.catalogue_url) as catalogue:
        made = make(catalogue, Privacy(least=10))
    Kept(Workspace(settings.home).evidence).keep(made)
    return made


def test_before_the_first_report_nothing_is_there(client, problem_in):
    problem = problem_in(client.get("/v1/evidence"), 404)
    assert "gateways evidence" in problem["detail"]


def test_the_report_is_served_whole_and_not_sent_twice(client, report):
    answer = client.get("/v1/evidence")
    assert answer.status_code == 200
    body = answer.json()
    assert body["fingerprint"] == report.fingerprint
    assert [one["id"] for one in body["figures"]] == [one.id for one in report.figures]
    again = client.get("/v1/evidence", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_tables_and_json_can_be_of_one_platform(client, report, problem_in):
    platform = report.platforms[0].id
    body = client.get("/v1/evidence", params={"platform": platform}).json()
    ids = {one["id"] for one in body["figures"]}
    assert ids == {one.id for one in report.figures if one.platform == platform}
    for path in ("/v1/evidence.csv", "/v1/evidence/rows.csv"):
        answer = client.get(path, params={"platform": platform})
        assert answer.headers["content-type"].startswith("text/csv")
        assert "attachment" in answer.headers["content-disposition"]
        rows = csv.DictReader(io.StringIO(answer.text))
        assert {row["figure"] for row in rows} == ids
    problem_in(client.get("/v1/evidence", params={"platform": "nowhere"}), 404)
