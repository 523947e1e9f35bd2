"""Of several editions of a curriculum the totals count one."""

import csv
import subprocess
from dataclasses import replace
from itertools import pairwise

import pytest

from data.catalogue import Catalogue
from data.catalogue.inherited import Succession
from data.catalogue.tallies import Target
from data.formats.protocol import Row
from data.importing.importer import import_document
from data.records import Alignment, Dataset, Outcome, Platform, Resource
from data.settings import load_settings
from evaluation.evidence.editions import editions
from evaluation.evidence.making import make
from evaluation.evidence.page import page
from evaluation.evidence.privacy import Privacy
from evaluation.evidence.report import Report
from evaluation.evidence.tables import ONE_LINER, figures_csv, rows_csv

PRIVACY = Privacy(least=10)


class Sent:
    """A dataset as it lies here."""

    def __init__(self, name, *records):
        self.dataset = Dataset(name=name)
        self.kinds = frozenset(map(type, records))
        self.records = records

    def read(self, kind):
        for place, one in enumerate(self.records, 1):
            if type(one) is kind:
                yield Row(record=one, file="sent", line=place)


def framework(name, size=10):
    return [
        Outcome(id=f"{name}-{n}", framework=name, title=f"Outcome {n}", position=n)
        for n in range(size)
    ]


@pytest.fixture
def country(tmp_path):
    """A platform with nine of the ten outcomes of its curriculum covered."""
    with Catalogue.open(load_settings(home=tmp_path / "home").catalogue_url) as catalogue:
        catalogue.platforms.put(Platform(id="hill", name="Hill", operator="x", created=1.0))
        lessons = [Resource(id=f"r{n}", title=f"Lesson {n}") for n in range(9)]
        stated = [Alignment(resource=f"r{n}", outcome=f"old-{n}") for n in range(9)]
        first = Sent("first", *framework("old"), *lessons, *stated)
        import_document(catalogue, first, platform="hill")
        yield catalogue


def told(report, platform="hill"):
    """The value of the total and of each framework."""
    return {
        one.slice.get("framework", "total"): one.value
        for one in report.figures
        if one.measure == "coverage" and one.platform == platform and len(one.slice) < 2
    }


def test_a_new_edition_does_not_lower_the_coverage_on_the_day_it_is_published(country, tmp_path):
    assert told(make(country, PRIVACY))["total"] == pytest.approx(0.9)
    import_document(country, Sent("second", *framework("new")), platform="hill")
    report = make(country, PRIVACY)
    assert told(report, "*") == pytest.approx({"total": 0.9, "old": 0.9, "new": 0.0})
    assert report.editions.ahead == {"new": ("old",)}
    assert Report.from_json(report.to_json()).editions == report.editions
    command = "gateways editions carry old new"
    assert f"new edition, not carried over yet: {command}" in page(report)
    lines = csv.DictReader("".join(figures_csv(report)).splitlines(keepends=True))
    notes = {line["figure"]: line["note"] for line in lines if line["note"]}
    assert notes == {"coverage/*/framework=new": f"new edition, not carried over yet: {command}"}
    (tmp_path / "rows.csv").write_text("".join(rows_csv(report)), encoding="utf-8")
    printed = subprocess.run(
        ONE_LINER, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    computed = {one: float(value) for one, value in map(str.split, printed.splitlines())}
    assert computed == pytest.approx({one.id: one.value for one in report.figures})
    assert computed["coverage/*"] == pytest.approx(0.9)


def test_once_carried_over_the_new_edition_counts_and_the_old_one_does_not(country):
    import_document(country, Sent("second", *framework("new")), platform="hill")
    lines = [
        Succession(old=f"old-{n}", new=f"new-{n}", why=("unchanged",), confidence=1.0)
        for n in range(8)
    ]
    country.editions.carry("old", "new", lines[:3], 1.0)
    report = make(country, PRIVACY)
    assert report.editions.ahead == {"new": ("old",)}
    assert told(report) == pytest.approx({"total": 0.9, "old": 0.9, "new": 0.3})
    country.editions.carry("old", "new", lines, 2.0)
    report = make(country, PRIVACY)
    assert told(report) == pytest.approx({"total": 0.8, "old": 0.9, "new": 0.8})
    assert report.editions.instead == {"new": ("old",)}
    assert "earlier edition; totals count new instead" in page(report)


def test_curricula_of_other_platforms_and_with_other_words_count_each_for_itself(country):
    import_document(country, Sent("elsewhere", *framework("copy")))
    other = [replace(one, title=f"Else {one.position}") for one in framework("other")]
    import_document(country, Sent("third", *other), platform="hill")
    report = make(country, PRIVACY)
    assert report.editions.ahead == {}
    assert told(report, "*")["total"] == pytest.approx(9 / 30)


def targets(*names, size=10):
    return [
        Target(id=f"{name}{n}", framework=name, title=f"{name}{n}", subject=None, levels=())
        for name in names
        for n in range(size)
    ]


def follows(old, new, size=10):
    return [(f"{old}{n}", f"{new}{n}") for n in range(size)]


def covered(*names):
    return {f"{name}{n}" for name in names for n in range(10)}


@pytest.mark.parametrize(
    ("served", "lines", "counted"),
    [
        ("abc", [*follows("a", "b"), *follows("b", "c")], "c"),
        ("a", [*follows("a", "b"), *follows("b", "c")], "a"),
        ("ab", [*follows("a", "b"), *follows("b", "c")], "b"),
        ("ac", [*follows("a", "b"), *follows("b", "c")], "c"),  # the one between was left out
        ("abc", [*follows("a", "c"), *follows("b", "c")], "c"),  # two became one
        ("abc", [*follows("a", "b"), *follows("a", "c")], "bc"),  # one became two
        ("abc", [*follows("a", "b"), *follows("b", "a")], "abc"),  # neither is the newer
        ("abc", [*follows("a", "b"), *follows("b", "c"), *follows("c", "a", 9)], "c"),
        ("ab", [*follows("a", "b"), *follows("b", "c"), *follows("c", "a", 9)], "b"),
        ("abc", [*follows("a", "b", 9), *follows("b", "c"), *follows("c", "a")], "a"),
        ("abc", [("a1", "gone")], "abc"),
    ],
)
def test_of_a_chain_of_editions_the_newest_that_is_covered_counts(served, lines, counted):
    found = editions(targets(*"abc"), lines, covered(*served), {})
    assert found.counted("abc") == set(counted)


def test_of_a_circle_one_counts_beside_other_curricula():
    lines = [*follows("a", "b"), *follows("b", "c"), *follows("c", "a")]
    found = editions(targets(*"abcd"), lines, covered(*"abcd"), {})
    assert found.counted("abcd") == {"c", "d"}


@pytest.mark.parametrize("between", [(), ("b",)])
def test_an_old_edition_without_a_resource_is_not_ahead_of_the_one_that_followed_it(between):
    chain = ["a", *between, "c"]
    alike = [replace(one, title=one.id[1:]) for one in targets(*chain)]
    lines = [line for two in pairwise(chain) for line in follows(*two)]
    found = editions(alike, lines, covered("c"), {})
    assert "a" not in found.ahead
    assert found.counted(chain) == {"c"}


def test_one_stray_line_makes_no_edition():
    lines = [("a1", "b1")]
    assert editions(targets("a", "b", size=20), lines, covered("a", "b"), {}).instead == {}
