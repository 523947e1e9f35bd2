import csv
import json
import shutil

import pytest

from models.bundles.published_versions import PublishedVersion, write_versions

pytestmark = pytest.mark.usefixtures("loaded_once")

OUTCOMES = [
    {"id": "number", "framework": "f", "title": "Number", "language": "en", "assignable": False},
    {"id": "add", "framework": "f", "parent": "number", "title": "Add fractions"},
    {"id": "compare", "framework": "f", "parent": "number", "title": "Compare two fractions"},
    {"id": "plants", "framework": "f", "title": "How green plants make food"},
    {"id": "water", "framework": "f", "title": "The water cycle"},
]
RESOURCES = [
    {"id": "r1", "title": "Adding fractions with one denominator", "subject": "Number"},
    {"id": "r2", "title": "Which fraction is larger?", "subject": "Number"},
    {"id": "r3", "title": "Sunlight and leaves", "language": "en"},
]
ALIGNMENTS = "resource,outcome,relation,split\nr1,add,teaches,test\nr2,compare,assesses,test\n"
KEYS = [
    "mean_f2",
    "recall@1",
    "recall@5",
    "recall@10",
    "recall@50",
    "mrr",
    "ndcg@10",
    "ece",
]


@pytest.fixture
def dataset(dataset_folder):
    def written(alignments=ALIGNMENTS):
        lines = {
            "outcomes": "".join(json.dumps(row) + "\n" for row in OUTCOMES),
            "resources": "".join(json.dumps(row) + "\n" for row in RESOURCES),
        }
        if alignments is not None:
            lines["alignments"] = alignments
        return dataset_folder(**lines)

    return written


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def fails(outcome, *words):
    status, out, err = outcome
    assert status == 2
    assert out == ""
    assert "Traceback" not in err
    assert all(word in err for word in words), err


@pytest.mark.slow
def test_align_ranks_every_outcome_for_the_resources_of_the_split(run, dataset, tmp_path):
    out = tmp_path / "predictions.csv"
    status, printed, _ = run("align", "--dataset", dataset(), "--out", out)
    assert (status, printed) == (0, "")
    found = rows(out)
    assert list(found[0]) == ["resource", "outcome", "rank", "score", "confidence", "selected"]
    assert [(row["resource"], row["rank"]) for row in found] == [
        (resource, str(rank)) for resource in ("r1", "r2") for rank in (1, 2, 3, 4)
    ]
    assert [row["outcome"] for row in found if row["rank"] == "1"] == ["add", "compare"]
    assert {row["selected"] for row in found} <= {"0", "1"}
    assert not (tmp_path / "home" / "catalogue.sqlite").exists()


def test_align_takes_every_resource_where_nothing_is_aligned(run, dataset, tmp_path):
    out = tmp_path / "predictions.csv"
    assert run("align", "--dataset", dataset(None), "--out", out)[0] == 0
    assert {row["resource"] for row in rows(out)} == {"r1", "r2", "r3"}


def test_align_does_not_look_at_the_gold(run, dataset, tmp_path):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    assert run("align", "--dataset", dataset(), "--out", first)[0] == 0
    garbage = "resource,outcome,relation,split\nr1,nonsense,teaches,test\nr2,number,teaches,test\n"
    assert run("align", "--dataset", dataset(garbage), "--out", second)[0] == 0
    assert first.read_text() == second.read_text()


def test_evaluate_writes_each_figure_with_its_interval(run, dataset, tmp_path):
    report = tmp_path / "report.json"
    status, printed, _ = run("evaluate", "alignment", "--dataset", dataset(), "--json", report)
    assert status == 0
    figures = json.loads(report.read_text())
    assert (figures["queries"], figures["candidates"], figures["split"]) == (2, 4, "test")
    assert figures["seconds"] > 0
    assert list(figures["intervals"]) == KEYS
    for key in KEYS:
        low, high = figures["intervals"][key]
        assert 0 <= low <= figures[key] <= high <= 1
        assert key in printed
    assert set(figures["mean_over_outcomes"]) == set(KEYS) - {"ece"}
    assert figures["recall@1"] == 1


@pytest.mark.parametrize("road", ["both", "vectors", "words"])
def test_evaluate_scores_what_align_writes(run, dataset, tmp_path, road):
    out, report = tmp_path / "predictions.csv", tmp_path / "report.json"
    assert run("align", "--dataset", dataset(), "--out", out, "--by", road)[0] == 0
    arguments = ("--dataset", dataset(), "--json", report, "--by", road)
    assert run("evaluate", "alignment", *arguments)[0] == 0
    gold = {"r1": "add", "r2": "compare"}
    places = {
        row["resource"]: int(row["rank"])
        for row in rows(out)
        if gold[row["resource"]] == row["outcome"]
    }
    figures = json.loads(report.read_text())
    assert figures["mrr"] == pytest.approx(sum(1 / place for place in places.values()) / 2)
    assert figures["recall@1"] == sum(place == 1 for place in places.values()) / 2


def test_evaluate_compares_with_a_baseline_and_writes_a_page(run, dataset, tmp_path, tiny_folder):
    report, page = tmp_path / "report.json", tmp_path / "page.html"
    status, printed, _ = run(
        *("evaluate", "alignment", "--dataset", dataset()),
        *("--baseline", tiny_folder, "--report", page, "--json", report),
    )
    assert status == 0
    assert "from tiny to" in printed
    stated = json.loads(report.read_text())
    assert stated["comparison"]["before"]["name"] == "tiny"
    assert stated["comparison"]["after"] == stated["model"]
    assert stated["comparison"]["overall"]["changes"]["mrr"]["after"] == stated["mrr"]
    assert list(stated["per_query"]) == ["r1", "r2"]
    assert "Against <bdi>tiny</bdi>" in page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_sample_is_reported_on_with_its_slices(run, tmp_path):
    report, page = tmp_path / "report.json", tmp_path / "page.html"
    words = ("--dataset", "data/sample", "--split", "dev", "--model", "minilm")
    files = ("--baseline", "minilm", "--report", page, "--json", report)
    assert run("evaluate", "alignment", *words, *files)[0] == 0
    stated = json.loads(report.read_text())
    languages = {found["name"]: found for found in stated["slices"] if found["by"] == "language"}
    assert {"en", "fr"} <= set(languages)
    assert sum(found["queries"] for found in languages.values()) == stated["queries"] == 56
    assert languages["en"]["values"]["mean_f2"] > languages["fr"]["values"]["mean_f2"]
    assert stated["comparison"]["objections"] == []
    assert "gateways-sample" in page.read_text(encoding="utf-8")


def test_a_registered_version_is_measured_by_its_number(run, dataset, bundle_of, tmp_path):
    registry, report = tmp_path / "home" / "registry", tmp_path / "report.json"
    version = PublishedVersion(
        name="7",
        bundle="first",
        folder=shutil.copytree(bundle_of("first", 1), registry / "first"),
        base="tiny",
        trained_on="words",
        created="2026-01-01",
        digest="",
    )
    write_versions(registry, [version])
    words = ("evaluate", "alignment", "--dataset", dataset())
    status, _, err = run(*words, "--model", "7", "--json", report)
    assert status == 0, err
    assert json.loads(report.read_text())["model"]["name"] == "7"
    fails(run(*words, "--model", "8"), "'8'", "7 (first)", "e5-oak")


def test_what_a_model_goes_without_is_in_the_report_and_still_a_slice(run, dataset, tmp_path):
    report = tmp_path / "report.json"
    words = ("--dataset", dataset(), "--without", "subject,levels", "--json", report)
    assert run("evaluate", "alignment", *words)[0] == 0
    stated = json.loads(report.read_text())
    assert stated["model"]["without"] == ["levels", "subject"]
    assert {"by": "subject", "name": "Number"}.items() <= next(
        found for found in stated["slices"] if found["by"] == "subject"
    ).items()


def test_align_goes_without_what_is_named(run, dataset, tmp_path):
    out = tmp_path / "out.csv"
    words = ("--dataset", dataset(), "--out", out)
    assert run("align", *words, "--without", "neighbours")[0] == 0
    assert len(rows(out)) == 8
    fails(run("align", *words, "--without", "colour"), "«colour»", "subject, levels, neighbours")
    fails(run("evaluate", "alignment", "--dataset", dataset(), "--without", "colour"), "«colour»")


def test_a_split_without_gold_is_the_users_mistake(run, dataset):
    fails(run("evaluate", "alignment", "--dataset", dataset(None)), "no alignment to measure")
    fails(run("evaluate", "alignment", "--dataset", dataset(), "--split", "dev"), "«dev»")


def test_a_dataset_that_is_not_there_is_named(run, tmp_path):
    for words in (("align", "--out", tmp_path / "out.csv"), ("evaluate", "alignment")):
        fails(run(*words, "--dataset", tmp_path / "gone"), "gone", "no such file or folder")


def test_a_dataset_without_outcomes_is_refused(run, dataset_folder, tmp_path):
    folder = dataset_folder(resources=json.dumps(RESOURCES[0]) + "\n")
    fails(run("align", "--dataset", folder, "--out", tmp_path / "out.csv"), "no assignable outcome")


@pytest.mark.parametrize("option", [("--split", "exam"), ("--by", "luck")])
def test_a_word_that_is_no_choice_is_refused_with_the_choices(run, dataset, tmp_path, option):
    out = tmp_path / "out.csv"
    fails(run("align", "--dataset", dataset(), "--out", out, *option), option[1])


def test_a_place_that_cannot_be_written_is_named(run, dataset, tmp_path):
    out = tmp_path / "missing" / "file"
    fails(run("align", "--dataset", dataset(), "--out", out), str(out), "cannot be written")
    for option in ("--json", "--report"):
        command = ("evaluate", "alignment", "--dataset", dataset(), option, out)
        fails(run(*command), str(out), "cannot be written")
    evaluate = ("evaluate", "alignment")
    for command in (("align", "--out"), (*evaluate, "--json"), (*evaluate, "--report")):
        fails(run(*command, tmp_path, "--dataset", dataset()), "directory")
