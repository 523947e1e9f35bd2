import pytest

from data.catalogue import Catalogue
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions
from data.importing.importer import import_document
from data.records import CorrespondenceDecision, Decision, Match, Outcome, Verdict


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "tiny"
    made.mkdir()
    (made / "outcomes.jsonl").write_text('{"id": "o", "framework": "f", "title": "Add"}\n')
    (made / "resources.jsonl").write_text('{"id": "r", "title": "Sums", "language": "en"}\n')
    return made


@pytest.fixture
def catalogue(catalogue_url, folder):
    with Catalogue.open(catalogue_url) as opened:
        import_document(opened, DatasetFolder().open(folder, ReadOptions()))
        yield opened


def decide(catalogue, verdict, curator, time):
    decision = Decision(resource="r", outcome="o", verdict=verdict, curator=curator, time=time)
    return catalogue.ledger.decide(decision)


def test_decisions_are_told_newest_first_with_titles(catalogue):
    first = decide(catalogue, Verdict.ACCEPT, "Ada", 1.0)
    catalogue.ledger.undo(first.id, "Bob", 2.0)
    found = catalogue.trail.decided(list(Verdict), curator=None, most=10)
    assert [(one.verdict, one.curator) for one in found] == [
        (Verdict.UNDO, "Bob"),
        (Verdict.ACCEPT, "Ada"),
    ]
    assert (found[0].resource_title, found[0].outcome_title) == ("Sums", "Add")


def test_they_can_be_those_of_one_curator_or_verdict(catalogue):
    decide(catalogue, Verdict.ACCEPT, "Ada", 1.0)
    decide(catalogue, Verdict.DEFER, "Bob", 2.0)
    told = catalogue.trail.decided
    assert [one.curator for one in told(list(Verdict), curator="Ada", most=10)] == ["Ada"]
    assert [one.curator for one in told([Verdict.DEFER], curator=None, most=10)] == ["Bob"]
    assert len(told(list(Verdict), curator=None, most=1)) == 1


def test_decisions_on_two_outcomes_are_told_newest_first_with_titles(catalogue, document):
    outcomes = (
        Outcome(id="a", framework="g", title="Fractions"),
        Outcome(id="b", framework="h", title="Brüche"),
    )
    import_document(catalogue, document(*outcomes))
    for verdict, curator, time in ((Verdict.REJECT, "Ada", 1.0), (Verdict.UNDO, "Bob", 2.0)):
        catalogue.crosswalks.decide(
            CorrespondenceDecision(
                outcome="a",
                other="b",
                match=Match.BROADER,
                verdict=verdict,
                curator=curator,
                time=time,
            )
        )
    told = catalogue.trail.corresponded
    newest, first = told(curator=None, most=10)
    assert (newest.verdict, newest.curator, newest.other) == (Verdict.UNDO, "Bob", "b")
    assert (first.match, first.outcome_title) == (Match.BROADER, "Fractions")
    assert told(curator="Ada", most=10) == [first]
    assert told(curator=None, most=1) == [newest]


def test_a_source_is_told_with_its_rows_and_when_it_was_imported(catalogue, folder):
    assert catalogue.datasets.counts() == {"tiny": {"frameworks": 1, "outcomes": 1, "resources": 1}}
    first = catalogue.datasets.imported()["tiny"]
    document = DatasetFolder().open(folder, ReadOptions())
    import_document(catalogue, document, dry_run=True)
    assert catalogue.datasets.imported()["tiny"] == first
    import_document(catalogue, document)
    assert catalogue.datasets.imported()["tiny"] > first
