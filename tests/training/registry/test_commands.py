import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models.bundles.released import champion
from training.registry import promotion
from training.registry.store import Registry

ROOT = Path(__file__).parents[3]


class Found:
    """Stands in for a comparison of two reports: the second's holds the objections."""

    def __init__(self, _, after):
        self._after = after

    def objections(self, margin=0.02):
        return [f"{said} (margin {margin})" for said in json.loads(self._after.read_text())]

    def doubts(self, margin=0.02):
        return [f"0.05 could go unnoticed (margin {margin})"]

    def to_json(self):
        change = {"before": 0.5, "after": 0.6, "low": 0.05, "high": 0.15}
        changes = {"mean_f2": change}
        overall = {"by": None, "name": None, "queries": 20, "changes": changes}
        return {
            "overall": overall,
            "slices": [{**overall, "by": "language", "name": "hi", "queries": 5}],
        }


@pytest.fixture
def registered(run, two_registered, tmp_path, monkeypatch):
    """The program over a workspace in which two versions are registered, the second worse."""
    monkeypatch.setattr(promotion, "differences", Found)
    folder = shutil.copytree(two_registered, tmp_path / "home" / "registry")
    report = tmp_path / "report.json"
    for name, against in (("shipped", []), ("1", []), ("2", ["F2 falls", "Hindi falls"])):
        report.write_text(json.dumps(against))
        Registry(folder).add_report(name, "data", report)
    return run


def told(outcome):
    status, out, err = outcome
    assert status == 0, err
    return json.loads(out)


def aliases(run):
    return {
        version["version"]: version["aliases"]
        for version in told(run("models", "list", "--json"))["versions"]
    }


def test_an_empty_registry_lists_what_ships_without_loading_mlflow(tmp_path):
    code = (
        "import sys, gateways\n"
        "try: gateways.app(sys.argv[1:])\n"
        "finally: print('mlflow' in sys.modules, 'torch' in sys.modules, file=sys.stderr)\n"
    )
    for command in ("models list", "--help"):
        words = ["--home", str(tmp_path), *command.split()]
        found = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert found.stderr.split() == ["False", "False"]
        assert "models" in found.stdout or "shipped" in found.stdout


def test_the_list_tells_versions_with_their_figures(registered):
    first = told(registered("models", "list", "--json"))["versions"][0]
    assert first == {
        "version": "2",
        "aliases": ["challenger"],
        "bundle": "second",
        "base": first["base"],
        "trained_on": "words",
        "created": "2026-01-01",
        "mean_f2": 0.7,
        "recall@10": 0.9,
        "ece": None,
    }
    _, out, _ = registered("models", "list")
    assert "second" in out
    assert "0.900" in out


def test_a_version_shows_all_that_is_known_of_it(registered):
    found = told(registered("models", "show", "first", "--json"))
    assert found["version"] == "1"
    assert found["metrics"]["language/hi/recall@10"] == 0.5
    assert found["manifest"]["trained_on"] == "words"
    assert (found["card"], found["history"], found["code"]) == ("# first\n", [], "c0ffee")
    assert list(found["reports"]) == ["data"]
    _, out, _ = registered("models", "show", "first")
    assert "# first" in out
    assert "language/hi/recall@10: 0.5" in out


def test_a_comparison_tells_what_changed_and_what_speaks_against_it(registered):
    status, out, _ = registered("models", "compare", "1", "2", "--margin", "0.1")
    assert status == 0
    assert "language «hi»" in out
    assert "+0.100" in out
    assert "- F2 falls (margin 0.1)" in out
    out = registered("models", "compare", "2", "1")[1]
    assert "Nothing speaks against version 1" in out
    assert "0.05 could go unnoticed (margin 0.02)" in out
    found = told(registered("models", "compare", "1", "2", "--json"))
    assert (found["before"], found["after"], len(found["objections"])) == ("1", "2", 2)


def test_a_version_that_is_worse_is_refused_with_a_list_of_why(registered, tmp_path):
    status, out, err = registered("models", "promote", "2", "--margin", "0.05")
    assert (status, out) == (2, "")
    assert "\n  - F2 falls (margin 0.05)\n  - Hindi falls (margin 0.05)\n" in err
    status, out, _ = registered("models", "promote", "2", "--json")
    assert (status, json.loads(out)["champion"], len(json.loads(out)["objections"])) == (2, None, 2)
    assert champion(tmp_path / "home" / "models").version == "shipped"


def test_a_version_that_is_not_worse_is_promoted_and_rolled_back(registered, tmp_path):
    status, _, err = registered("models", "promote", "first")
    assert status == 0
    assert "gateways index" in err
    assert "0.05 could go unnoticed (margin 0.02)" in err
    assert aliases(registered) == {"2": ["challenger"], "1": ["champion"], "shipped": []}
    assert champion(tmp_path / "home" / "models").version == "1"
    assert told(registered("models", "rollback", "--json")) == {
        "champion": "shipped",
        "index": None,
    }
    assert aliases(registered) == {"2": ["challenger"], "1": [], "shipped": ["champion"]}
    status, _, err = registered("models", "rollback")
    assert (status, "nothing served before" in err) == (2, True)


def test_a_forced_promotion_is_kept_with_its_reason(registered):
    assert "go together" in registered("models", "promote", "2", "--force")[2]
    assert "go together" in registered("models", "promote", "2", "--reason", "x")[2]
    found = told(registered("models", "promote", "2", "--force", "--reason", "a pilot", "--json"))
    assert (found["champion"], found["forced"], len(found["objections"])) == ("2", True, 2)
    shown = told(registered("models", "show", "champion", "--json"))
    assert shown["forced"] == "a pilot"
    (change,) = shown["history"]
    assert change["reason"] == "a pilot"
    assert change["objections"] == ["F2 falls (margin 0.02)", "Hindi falls (margin 0.02)"]
    assert "forced: a pilot" in registered("models", "show", "2")[1]


def test_the_alias_follows_the_pointer_where_a_promotion_was_killed(registered, tmp_path):
    registered("models", "promote", "1")
    Registry(tmp_path / "home" / "registry").crown("2")
    assert aliases(registered)["1"] == ["champion"]


def test_the_way_back_needs_no_registry(registered, monkeypatch):
    registered("models", "promote", "1")
    monkeypatch.setitem(sys.modules, "mlflow", None)
    status, out, _ = registered("models", "rollback", "--json")
    assert (status, json.loads(out)["champion"]) == (0, "shipped")
    status, _, err = registered("models", "list")
    assert (status, "pip install" in err) == (2, True)


@pytest.mark.slow
def test_a_registry_that_was_restored_elsewhere_goes_on(registered, register, bundle_of, tmp_path):
    told(registered("models", "promote", "1", "--json"))
    assert registered("backup", tmp_path / "backups")[0] == 0
    shutil.rmtree(tmp_path / "home")
    elsewhere = tmp_path / "another" / "place"

    def restored(*words):
        return registered(*words, home=elsewhere)

    assert restored("restore", tmp_path / "backups")[0] == 0
    assert aliases(restored)["1"] == ["champion"]
    shown = told(restored("models", "show", "2", "--json"))
    places = [shown["folder"], *shown["reports"].values()]
    assert all(Path(place).is_relative_to(elsewhere) and Path(place).exists() for place in places)
    assert told(restored("models", "compare", "2", "1", "--json"))["objections"] == []
    forced = ("--force", "--reason", "a pilot", "--json")
    assert told(restored("models", "promote", "2", *forced))["champion"] == "2"
    assert told(restored("models", "rollback", "--json"))["champion"] == "1"
    register(Registry(elsewhere / "registry"), bundle_of("third", 3))
    assert aliases(restored)["3"] == ["challenger"]


def test_a_name_that_nothing_has_ends_in_a_line(registered):
    status, _, err = registered("models", "show", "nothing")
    assert (status, "'nothing'" in err, "Traceback" in err) == (2, True, False)
