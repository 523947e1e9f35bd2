import json

import pytest

from data.catalogue import Catalogue
from models.alignment.aligner import Aligner
from models.suggestion import Answer, Suggestion

pytestmark = pytest.mark.usefixtures("loaded_once")

OUTCOMES = [
    {"id": "n", "framework": "f", "title": "Number", "language": "en", "assignable": False},
    {"id": "add", "framework": "f", "parent": "n", "title": "Add fractions", "language": "en"},
    {"id": "compare", "framework": "f", "parent": "n", "title": "Compare fractions"},
    {"id": "water", "framework": "g", "title": "The water cycle", "language": "en", "levels": "5"},
]
RESOURCES = [
    {"id": "r1", "title": "Adding fractions", "language": "en"},
    {"id": "r2", "title": "La pluie", "language": "fr"},
]


@pytest.fixture
def indexed(run, dataset_folder, monkeypatch):
    monkeypatch.setenv("GATEWAYS_ENCODER", "minilm")
    folder = dataset_folder(
        outcomes="".join(json.dumps({**row, "levels": ["5"]}) + "\n" for row in OUTCOMES),
        resources="".join(json.dumps(row) + "\n" for row in RESOURCES),
    )
    assert run("import", folder)[0] == 0
    status, _, err = run("index")
    assert status == 0
    assert "3 outcomes and 2 resources, encoder minilm" in err
    return run


def suggested(outcome):
    status, out, _ = outcome
    assert status == 0
    return json.loads(out)


def fails(outcome, *words):
    status, out, err = outcome
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert all(word in err for word in words), err


def test_a_text_gets_suggestions_as_json_and_the_ledger_keeps_them(indexed, tmp_path):
    said = suggested(indexed("suggest", "--text", "Adding two fractions", "--json"))
    assert said["items"][0]["outcome"]["path"] == ["Number", "Add fractions"]
    with Catalogue.open(f"sqlite:///{tmp_path}/home/catalogue.sqlite") as catalogue:
        kept = catalogue.ledger.showing(said["suggestion_id"])
    assert [line.outcome for line in kept.shown] == [
        item["outcome"]["id"] for item in said["items"]
    ]
    assert (kept.index, kept.model) == (said["index"], said["model"])


def test_a_person_sees_paths_and_the_words_in_common(indexed):
    status, out, _ = indexed("suggest", "--resource", "r1")
    assert status == 0
    assert "Number › Add fractions" in out
    assert "%" in out


def test_options_narrow_the_list(indexed):
    said = suggested(indexed("suggest", "fractions", "--json", "-k", "1"))
    assert len(said["items"]) == 1
    said = suggested(indexed("suggest", "--text", "fractions", "--json", "--framework", "g"))
    assert [item["outcome"]["id"] for item in said["items"]] == ["water"]
    said = suggested(indexed("suggest", "--text", "fractions", "--json", "--level", "9"))
    assert said["abstained"]["cause"] == "no outcome passes the filters"


def test_what_is_shown_though_it_is_unlikely_has_another_mark(indexed, monkeypatch):
    def rank(*_, **__):
        found = [
            Suggestion(outcome=name, rank=rank, score=0.0, confidence=sure, selected=sure > 0.02)
            for rank, (name, sure) in enumerate(
                (("add", 0.9), ("compare", 0.07), ("water", 0.01)), 1
            )
        ]
        return Answer(suggestions=tuple(found))

    monkeypatch.setattr(Aligner, "rank", rank)
    status, out, err = indexed("suggest", "fractions")
    assert status == 0
    told = [line.split()[:2] for line in out.splitlines() if "%" in line]
    assert told == [["✓", "90%"], ["?", "7%"], ["1%", "The"]]
    assert "? less likely than not" in err


def test_a_rejected_outcome_is_not_suggested_for_that_resource_again(indexed):
    pair = ("--resource", "r1", "--outcome", "add")
    assert indexed("decide", *pair, "reject", "--reason", "too basic")[0] == 0
    said = suggested(indexed("suggest", "--resource", "r1", "--json"))
    assert "add" not in [item["outcome"]["id"] for item in said["items"]]
    said = suggested(indexed("suggest", "--text", "Adding fractions", "--json"))
    assert said["items"][0]["outcome"]["id"] == "add"


def test_an_abstention_is_said_with_what_would_help(indexed):
    status, out, err = indexed("suggest", "--resource", "r2")
    assert (status, out) == (0, "")
    assert "language not supported" in err
    assert "GATEWAYS_ENCODER=e5" in err


@pytest.mark.parametrize(
    "arguments",
    [(), ("--text", "x", "--resource", "r1"), ("x", "--text", "y"), ("x", "--resource", "r1")],
)
def test_one_of_text_and_resource_is_asked_for(indexed, arguments):
    fails(indexed("suggest", *arguments), "either a text or --resource ID")


def test_an_unknown_resource_is_named(indexed):
    fails(indexed("suggest", "--resource", "nobody"), "'nobody'", "not in the catalogue")


def test_without_an_index_the_next_command_is_named(run):
    fails(run("suggest", "--text", "fractions"), "run `gateways index`")
    fails(run("index"), "gateways import PATH")


@pytest.mark.slow
def test_another_encoder_than_the_index_was_made_with_is_refused(indexed, monkeypatch, tmp_path):
    monkeypatch.setenv("GATEWAYS_ENCODER", str(tmp_path / "no-model"))
    fails(indexed("suggest", "--text", "fractions"), "no-model")


def test_the_index_command_says_as_json_whether_it_made_one(indexed):
    status, out, _ = indexed("index", "--json")
    assert status == 0
    assert json.loads(out)["made"] is False
    status, out, _ = indexed("index", "--rebuild", "--json")
    assert json.loads(out)["made"] is True


def test_status_tells_counts_and_the_state_of_the_index(indexed):
    status, out, _ = indexed("status", "--json")
    found = json.loads(out)
    assert (status, found["catalogue"]["outcomes"], found["index"]["up_to_date"]) == (0, 4, True)
    status, out, _ = indexed("status")
    assert status == 0
    assert "up to date" in out


def test_status_tells_of_what_was_converted(run, tmp_path):
    folder = tmp_path / "home" / "models" / "converted" / "onnx-0123"
    folder.mkdir(parents=True)
    (folder / "conversion.json").write_text('{"refused": ""}')
    (folder / "model.onnx").write_bytes(bytes(3_000_000))
    assert "Converted  onnx-0123, 3 MB, last used 20" in run("status")[1]
    (found,) = json.loads(run("status", "--json")[1])["converted"]
    assert (found["name"], found["refused"]) == ("onnx-0123", "")


def test_status_of_an_empty_workspace_names_the_next_step(run):
    status, out, _ = run("status")
    assert status == 0
    assert "none yet; run `gateways index`" in out
