"""What is written of a catalogue."""

import csv
import json

import pytest

from data.errors import GatewaysError
from data.exporter import export_alignments, export_catalogue, export_decisions
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions
from data.importing.importer import import_document
from data.records import (
    Decision,
    Event,
    Interaction,
    Outcome,
    RejectionReason,
    Resource,
    Showing,
    ShownSuggestion,
    Verdict,
)


def rows_of(file):
    with file.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def decide(catalogue, verdict, **more):
    values = {"resource": "r1", "outcome": "a", "curator": "ann", "time": 1_700_000_000.25}
    return catalogue.ledger.decide(Decision(verdict=verdict, **(values | more)))


def test_decisions_are_written_with_what_was_shown(small, tmp_path):
    shown = ShownSuggestion(outcome="a", rank=2, score=0.5, confidence=0.25, selected=True)
    showing = Showing(
        id="s1", resource="r1", time=1.0, model="m", index="i", frameworks={}, shown=(shown,)
    )
    decide(small, Verdict.REJECT, reason=RejectionReason.TOO_BASIC, note="ñ, «n»", showing=showing)
    decide(small, Verdict.UNDO)
    export_decisions(small, tmp_path / "decisions.csv")
    first, second = rows_of(tmp_path / "decisions.csv")
    assert json.loads(first.pop("shown")) == [
        {"outcome": "a", "rank": 2, "score": 0.5, "confidence": 0.25, "selected": True}
    ]
    assert first == {
        "id": "1",
        "time": "2023-11-14T22:13:20.250+00:00",
        "resource": "r1",
        "outcome": "a",
        "decision": "reject",
        "reason": "too basic",
        "note": "ñ, «n»",
        "curator": "ann",
        "model": "m",
        "index": "i",
        "framework_fingerprint": small.frameworks.get("f").fingerprint,
        "rank": "2",
        "score": "0.5",
        "confidence": "0.25",
        "showing": "s1",
    }
    assert (second["decision"], second["shown"], second["rank"]) == ("undo", "[]", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_note_is_no_formula_for_a_spreadsheet(small, tmp_path, start):
    decide(small, Verdict.DEFER, note=f"{start}cmd|' /C calc'!A0", curator=f"{start}x")
    export_decisions(small, tmp_path / "decisions.csv")
    (row,) = rows_of(tmp_path / "decisions.csv")
    assert row["note"].startswith("'" + start)
    assert row["curator"] == f"'{start}x"


def test_ids_are_written_as_they_are(catalogue, document, tmp_path):
    doc = document(Outcome(id="-o", framework="f", title="t"), Resource(id="=r", title="t"))
    import_document(catalogue, doc)
    decide(catalogue, Verdict.ACCEPT, resource="=r", outcome="-o")
    export_alignments(catalogue, tmp_path / "alignments.csv")
    (row,) = rows_of(tmp_path / "alignments.csv")
    assert (row["resource"], row["outcome"]) == ("=r", "-o")


def test_alignments_are_written_with_who_stated_them(small, tmp_path):
    decide(small, Verdict.ACCEPT)
    export_alignments(small, tmp_path / "alignments.csv")
    by_outcome = {row["outcome"]: row for row in rows_of(tmp_path / "alignments.csv")}
    assert by_outcome["a"] == {
        "resource": "r1",
        "outcome": "a",
        "relation": "teaches",
        "split": "",
        "agent": "ann",
        "time": "2023-11-14T22:13:20.250+00:00",
        "model": "",
    }
    assert by_outcome["b"]["agent"] == "dataset:d"


def test_an_empty_ledger_is_a_header(catalogue, tmp_path):
    export_decisions(catalogue, tmp_path / "decisions.csv")
    assert (tmp_path / "decisions.csv").read_text().startswith("id,time,resource")
    assert rows_of(tmp_path / "decisions.csv") == []


def test_a_table_that_cannot_be_written_leaves_the_one_before(small, tmp_path, monkeypatch):
    file = tmp_path / "out" / "decisions.csv"
    file.parent.mkdir()
    file.write_text("before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(csv.DictWriter, "writerows", full)
    with pytest.raises(GatewaysError, match=r"decisions\.csv: cannot be written: No space left"):
        export_decisions(small, file)
    assert list(file.parent.iterdir()) == [file]
    assert file.read_text() == "before"


def test_several_datasets_are_written_as_one_that_names_them(small, document, tmp_path):
    more = document(
        Outcome(id="g1", framework="g", title="Lire", language="fr"),
        name="e",
        license="CC-BY-4.0",
        attribution="Ministère",
        languages=("fr",),
    )
    import_document(small, more)
    export_catalogue(small, tmp_path / "whole")
    dataset = DatasetFolder().open(tmp_path / "whole", ReadOptions()).dataset
    assert (dataset.name, dataset.license, dataset.attribution) == (
        "whole",
        "CC-BY-4.0",
        "Ministère",
    )
    assert dataset.languages == ("fr",)
    assert [one["name"] for one in dataset.extra["datasets"]] == ["d", "e"]
    assert dataset.extra["frameworks"] == [
        {"id": "f", "title": "Mathematics", "language": None},
        {"id": "g", "title": "g", "language": "fr"},
    ]


def test_an_export_comes_in_elsewhere_with_its_titles_and_provenance(small, tmp_path, document):
    from data.catalogue import Catalogue

    decide(small, Verdict.ACCEPT)
    import_document(small, document(Resource(id="x", title="x"), name="e"))
    export_catalogue(small, tmp_path / "whole")
    with Catalogue.open(f"sqlite:///{tmp_path}/elsewhere.sqlite") as elsewhere:
        source = DatasetFolder().open(tmp_path / "whole", ReadOptions())
        assert import_document(elsewhere, source).refused == 0
        assert list(elsewhere.alignments.live()) == list(small.alignments.live())
        assert elsewhere.outcomes.live() == small.outcomes.live()
        assert [one.title for one in elsewhere.frameworks.all()] == ["Mathematics"]


def test_what_learners_did_here_is_exported_like_what_a_dataset_brought(small, tmp_path):
    from data.catalogue import Catalogue

    done = Interaction(learner="m", resource="r2", time=3.5, event=Event.COMPLETED, score=0.5)
    small.interactions.add([("c1", done)])
    export_catalogue(small, tmp_path / "whole")
    with Catalogue.open(f"sqlite:///{tmp_path}/elsewhere.sqlite") as elsewhere:
        source = DatasetFolder().open(tmp_path / "whole", ReadOptions())
        assert import_document(elsewhere, source).refused == 0
        assert list(elsewhere.interactions.live()) == list(small.interactions.live())
        assert elsewhere.interactions.of_learner("m") == [done]


def test_a_folder_with_something_in_it_is_not_written_over(small, tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(GatewaysError, match="name a new folder"):
        export_catalogue(small, tmp_path)
    with pytest.raises(GatewaysError, match="name a new folder"):
        export_catalogue(small, tmp_path / "note.txt")


def test_the_ledger_lies_beside_an_exported_catalogue(small, tmp_path):
    export_catalogue(small, tmp_path / "without")
    assert not (tmp_path / "without" / "decisions.csv").exists()
    decide(small, Verdict.REJECT, reason=RejectionReason.TOO_BASIC)
    export_catalogue(small, tmp_path / "with")
    (row,) = rows_of(tmp_path / "with" / "decisions.csv")
    assert (row["decision"], row["reason"]) == ("reject", "too basic")
