"""The commands, as somebody else's continuous integration runs them."""

import json
from xml.etree import ElementTree as Xml

import pytest

from tests.evaluation.conformance.conftest import SMALL


@pytest.fixture
def sample(sample_settings_home, run):
    return lambda *words: run("conform", *words, home=sample_settings_home)


@pytest.fixture
def sample_settings_home(sample_home, tmp_path):
    import shutil

    shutil.copytree(sample_home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def lenient(tmp_path):
    """A profile that the sample meets."""
    text = SMALL.read_text(encoding="utf-8").replace('"must"', '"should"')
    (tmp_path / "lenient.toml").write_text(text, encoding="utf-8")
    return tmp_path / "lenient.toml"


def test_what_does_not_conform_ends_with_1_and_says_how_to_mend(sample):
    status, out, err = sample()
    assert (status, err) == (1, "")
    assert "open-licence: Publish it under an open licence" in out
    assert "does not conform: described, open-licence" in out
    assert "281 of 316 resources" in out


def test_what_conforms_ends_with_0(sample, lenient):
    status, out, _ = sample("--profile", lenient)
    assert status == 0
    assert "The platform conforms as far as a program can tell." in out
    assert "Is it kind?" in out


def test_the_charter_tells_facts_of_the_program_with_what_shows_them(sample):
    status, out, _ = sample("--profile", "charter", "--json")
    assert status == 1
    rules = {rule["id"]: rule for rule in json.loads(out)["rules"]}
    assert rules["learner-erases"]["evidence"] == "DELETE /v1/learners/ID"
    assert (rules["keys-needed"]["result"], rules["keys-needed"]["evidence"]) == (
        "failed",
        "setting api_key is not set",
    )


def test_files_for_a_ci_are_written_beside_the_answer(sample, tmp_path):
    log, xml, table = tmp_path / "a.sarif", tmp_path / "a.xml", tmp_path / "a.csv"
    status, out, _ = sample("--json", "--sarif", log, "--junit", xml, "--resources", table)
    assert status == 1
    failing = sum(rule["counts"]["failed"] for rule in json.loads(out)["rules"] if "counts" in rule)
    assert len(json.loads(log.read_text())["runs"][0]["results"]) == failing
    assert Xml.parse(xml).getroot().get("failures") == "2"
    assert table.read_text().startswith("resource,rule,severity,result,message,mend")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--platform", "none"], "gateways-sample"),
        (["--profile", "none"], "charter, content"),
        (["--sarif", "/no/such/folder/a.sarif"], "no such folder"),
    ],
)
def test_what_cannot_be_judged_ends_with_2_in_one_line(sample, words, said):
    status, out, err = sample(*words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_an_empty_catalogue_is_not_judged(run):
    status, out, err = run("conform")
    assert (status, out) == (2, "")
    assert "no resources to judge" in err


def test_checks_facts_and_profiles_are_listed(run):
    status, out, _ = run("conform", "rules", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["checks"]["share"]["parameters"] == {"rule": "required", "at_least": "required"}
    assert "learner export" in told["facts"]
    assert [one["id"] for one in told["profiles"]] == ["charter", "content"]
    assert "open_licence" in run("conform", "rules")[1]


def test_profiles_are_compared(run, lenient):
    status, out, _ = run("conform", "compare", SMALL, lenient)
    assert status == 0
    assert "~ described" in out
    assert "severity: 'must' → 'should'" in out
    assert json.loads(run("conform", "compare", SMALL, SMALL, "--json")[1]) == {
        "added": [],
        "removed": [],
        "changed": {},
    }
