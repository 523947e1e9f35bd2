"""`gateways editions`: what is told, what is carried over, what waits."""

import csv
import json

import pytest

from data.catalogue import Catalogue
from data.records import CorrespondenceDecision, Verdict

pytestmark = pytest.mark.usefixtures("loaded_once")

TITLES = {
    "add": "Add fractions that have the same denominator",
    "angles": "Measure angles with a protractor",
    "charts": "Read bar charts and interpret bar charts about the weather",
    "water": "Describe the water cycle",
}
LATER = {
    "add": "Add fractions that have the same denominator",
    "angles": "Measure and draw an angle",
    "read": "Read bar charts",
    "tell": "Interpret bar charts about the weather",
    "moon": "Explain why the Moon has phases",
}


def rows(framework, titles):
    for place, (name, title) in enumerate(titles.items()):
        yield {
            "id": f"{framework}/{name}",
            "framework": framework,
            "title": title,
            "language": "en",
            "position": place,
        }


@pytest.fixture
def editions(run, dataset_folder, monkeypatch):
    monkeypatch.setenv("GATEWAYS_ENCODER", "minilm")
    outcomes = [*rows("f-2024", TITLES), *rows("f-2026", LATER)]
    lessons = [{"id": name, "title": title, "language": "en"} for name, title in TITLES.items()]
    aligned = "".join(f"{name},f-2024/{name}\n" for name in TITLES)
    folder = dataset_folder(
        outcomes="".join(json.dumps(row) + "\n" for row in outcomes),
        resources="".join(json.dumps(row) + "\n" for row in lessons),
        alignments="resource,outcome\n" + aligned,
    )
    assert run("import", folder)[0] == 0
    return lambda *arguments: run("editions", *arguments)


@pytest.fixture
def catalogue(editions, tmp_path):
    with Catalogue.open(f"sqlite:///{tmp_path}/home/catalogue.sqlite") as opened:
        yield opened


def test_the_difference_is_printed_and_written_as_json_and_csv(editions, tmp_path):
    file = tmp_path / "diff.csv"
    status, out, _ = editions("diff", "f-2024", "f-2026", "--json", "--csv", file)
    told = json.loads(out)
    became = {one["old"][0]["id"]: one["became"] for one in told["changes"] if one["old"]}
    assert (status, became["f-2024/add"], became["f-2024/water"]) == (0, "unchanged", "gone")
    assert became["f-2024/charts"] == "split"
    lines = list(csv.DictReader(file.read_text().splitlines()))
    assert {line["new"] for line in lines if line["old"] == "f-2024/charts"} == {
        "f-2026/read",
        "f-2026/tell",
    }
    status, out, _ = editions("diff", "f-2024", "f-2026")
    assert (status, "Explain why the Moon" in out) == (0, True)


def test_what_is_sure_goes_over_and_the_rest_waits(editions, catalogue):
    status, _, err = editions("carry", "f-2024", "f-2026", "--dry-run")
    assert (status, err.startswith("Would be: 1 successor stated, 1 alignment ")) == (0, True)
    assert catalogue.editions.carried("f-2024", "f-2026") == []
    status, out, _ = editions("carry", "f-2024", "f-2026", "--json")
    told = json.loads(out)
    assert (status, told["alignments"], told["waiting"] >= 2) == (0, 1, True)
    assert catalogue.crosswalks.waiting() == {("f-2024", "f-2026"): told["waiting"]}
    assert [one.outcome for one in catalogue.alignments.of_resource("add")] == [
        "f-2024/add",
        "f-2026/add",
    ]
    again = json.loads(editions("carry", "f-2024", "f-2026", "--json")[1])
    assert again == told | {"lines": 0, "alignments": 0}
    (line, *_) = catalogue.crosswalks.open("f-2024", "f-2026").items
    catalogue.crosswalks.decide(
        CorrespondenceDecision(
            outcome=line.outcome,
            other=line.other,
            match=line.match,
            verdict=Verdict.REJECT,
            curator="ann",
            time=1.0,
        )
    )
    rehearsed = json.loads(editions("carry", "f-2024", "f-2026", "--dry-run", "--json")[1])
    assert rehearsed["waiting"] == told["waiting"] - 1


def test_status_tells_which_edition_index_and_frameworks_are_behind(editions, run):
    editions("carry", "f-2024", "f-2026")
    told = json.loads(run("status", "--json")[1])
    assert told["frameworks"][0]["newer_editions"] == ["f-2026"]
    assert (told["index"], told["model"]) == (None, None)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("f-2024", "f-2024", "name two editions"),
        ("f-2024", "f-1999", "'f-1999' is not in the catalogue"),
    ],
)
def test_two_editions_that_are_there_have_to_be_named(editions, old, new, said):
    status, _, err = editions("diff", old, new)
    assert (status, said in err) == (2, True)
