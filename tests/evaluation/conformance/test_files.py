"""What is written for other programs: SARIF, JUnit's XML and a table."""

import csv
import json
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as Xml

import jsonschema
import pytest

from data.errors import GatewaysError
from data.records import Resource
from evaluation.conformance.findings import failed
from evaluation.conformance.judging import judge
from evaluation.conformance.junit import junit
from evaluation.conformance.sarif import sarif_file
from evaluation.conformance.told import report_json
from evaluation.conformance.wanting import wanting_file

# SchemaStore's copy of the standard's schema (Apache-2.0), as it came.
SCHEMA = Path(__file__).with_name("sarif-2.1.0-rtm.5.json")


@pytest.fixture
def log(catalogue, question, tmp_path):
    path = tmp_path / "out.sarif"
    with sarif_file(path, question().profile) as sarif:
        sarif.finish(judge(catalogue, question(), [sarif.add]))
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_sarif_log_has_what_the_standard_requires(log, small):
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert [rule["id"] for rule in driver["rules"]] == [rule.id for rule in small.rules]
    for result in run["results"]:
        assert result["message"]["text"]
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] in {"fail", "open", "review"}
        # A result that is no failure has no level (3.27.10).
        assert (result["level"] == "none") is (result["kind"] != "fail")
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"]
        assert place["logicalLocations"][0]["fullyQualifiedName"]
    prints = [result["partialFingerprints"]["ruleAndPlace/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_a_sarif_log_is_valid_by_the_schema(log):
    valid = jsonschema.Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in valid.iter_errors(log)] == []
    log["runs"][0]["results"][0]["kind"] = "wanting"
    assert not valid.is_valid(log)


def test_what_must_not_fail_is_an_error_and_what_people_judge_is_for_review(log):
    told = [
        (one["ruleId"], one["kind"], one["level"], _place(one)) for one in log["runs"][0]["results"]
    ]
    assert told == [
        ("captions", "fail", "warning", "a"),
        ("described", "fail", "error", "c"),
        ("covered", "fail", "error", "all datasets"),
        ("kind", "review", "none", "all datasets"),
    ]


def test_an_id_of_any_signs_makes_an_address(small, tmp_path):
    odd = 'é "/ #?\n'
    path = tmp_path / "out.sarif"
    with sarif_file(path, small) as sarif:
        sarif.add(Resource(id=odd, title="x"), [(small.rules[0], failed("none"))])
        sarif._file.write("]}]}")
    (result,) = json.loads(path.read_text(encoding="utf-8"))["runs"][0]["results"]
    address = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert (address, _place(result)) == (f"resources/{quote(odd)}", odd)


def test_a_log_that_was_not_finished_leaves_the_one_before(small, tmp_path):
    path = tmp_path / "out.sarif"
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt), sarif_file(path, small):
        raise KeyboardInterrupt
    assert path.read_text() == "before"
    assert list(tmp_path.glob(".out*")) == []


def test_a_place_that_cannot_be_written_to_is_told(small, tmp_path):
    with pytest.raises(GatewaysError, match="cannot be written"), sarif_file(tmp_path, small):
        pass


def test_junit_fails_only_what_stands_in_the_way(catalogue, question):
    root = Xml.fromstring(junit(judge(catalogue, question())))
    assert root.tag == "testsuites"
    cases = {one.get("name").split(":")[0]: one for one in root.iter("testcase")}
    assert [id_ for id_, one in cases.items() if one.find("failure") is not None] == [
        "described",
        "covered",
    ]
    skipped = {id_ for id_, one in cases.items() if one.find("skipped") is not None}
    assert skipped == {"captions", "link-alive", "kind"}
    counts = {name: root.get(name) for name in ("tests", "failures", "skipped", "errors")}
    assert counts == {"tests": "7", "failures": "2", "skipped": "3", "errors": "0"}
    assert [suite.get("tests") for suite in root.iter("testsuite")] == ["3", "4"]
    said = cases["described"].find("failure").text
    assert "c: not stated: description" in said
    assert "Write one." in said


def test_junit_stays_xml_whatever_an_id_holds(catalogue, question):
    report = judge(catalogue, question())
    odd = (("\x00<&]]>\ud800", "said"),)
    rulings = tuple(
        type(one)(**{name: getattr(one, name) for name in one.__slots__} | {"examples": odd})
        for one in report.rulings
    )
    told = type(report)(
        profile=report.profile, platform=None, scores=report.scores, rulings=rulings
    )
    assert Xml.fromstring(junit(told)).get("failures") == "2"


def test_the_table_has_what_fails_and_what_is_not_known_with_how_to_mend(
    catalogue, question, tmp_path
):
    with wanting_file(tmp_path / "out.csv") as sink:
        judge(catalogue, question(), [sink])
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["resource"], row["rule"], row["result"]) for row in rows] == [
        ("a", "captions", "failed"),
        ("b", "link-alive", "not known"),
        ("c", "described", "failed"),
        ("c", "link-alive", "not known"),
    ]
    assert (rows[0]["message"], rows[0]["mend"]) == ("not declared: captions", "Add captions.")


def test_the_report_as_json_is_whole(catalogue, question):
    told = json.loads(json.dumps(report_json(judge(catalogue, question()))))
    assert told["profile"]["version"] == "0.2.0"
    assert (told["conforms"], told["resources"], told["resources_conforming"]) == (False, 3, 2)
    assert told["rules_met"] == {"must": 0.0, "should": 0.5}
    rules = {rule["id"]: rule for rule in told["rules"]}
    assert rules["captions"]["share"] == 0.5
    assert rules["covered"]["evidence"] == "Heading: 1 of 2 (en 1, fr 1)"
    assert "result" not in rules["kind"]


def _place(result):
    return result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
