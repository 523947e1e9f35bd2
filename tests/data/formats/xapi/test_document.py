import gzip
import json

import pytest

from data.errors import GatewaysError
from data.formats.protocol import ReadOptions, Refusal
from data.formats.registry import recognise
from data.formats.xapi.document import Xapi
from data.importing.importer import import_document
from data.records import Event, Interaction, Resource

ADL = "http://adlnet.gov/expapi/verbs/"


def id_of(number):
    return f"00000000-0000-4000-8000-{number:012}"


def statement(number, verb="completed", **changes):
    return {
        "id": id_of(number),
        "actor": {"account": {"homePage": "https://lms.example", "name": "l-17"}},
        "verb": {"id": ADL + verb},
        "object": {"id": "r1"},
        "timestamp": f"2026-05-04T09:30:{number:02}Z",
        **changes,
    }


def voiding(number, voided):
    return statement(number, "voided", object={"objectType": "StatementRef", "id": id_of(voided)})


@pytest.fixture
def opened(tmp_path):
    def open_(value, name="statements.json"):
        lines = name.endswith((".jsonl", ".jsonl.gz"))
        text = "\n".join(map(json.dumps, value)) if lines else json.dumps(value)
        data = text.encode()
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        assert recognise(path).name == "xapi"
        return Xapi().open(path, ReadOptions())

    return open_


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ([statement(1), statement(2)], "statements.json"),
        ([statement(1), statement(2)], "statements.jsonl.gz"),
        ({"statements": [statement(1), statement(2)], "more": "/xapi?more=7"}, "answer.json.gz"),
    ],
)
def test_statements_come_in_a_list_line_by_line_or_as_an_lrs_answers(opened, value, name):
    document = opened(value, name)
    rows = list(document.read(Interaction))
    assert [(row.line, row.client_id, row.record.event) for row in rows] == [
        (1, id_of(1), Event.COMPLETED),
        (2, id_of(2), Event.COMPLETED),
    ]
    assert list(document.read(Resource)) == []


def test_one_statement_alone_is_a_file(opened):
    assert len(list(opened(statement(1)).read(Interaction))) == 1


def test_what_is_voided_further_down_is_refused_and_the_voiding_is_no_row(opened):
    rows = list(opened([statement(1), statement(2), voiding(3, 1)]).read(Interaction))
    assert isinstance(rows[0], Refusal)
    assert "voided at 3" in rows[0].reason
    assert [getattr(row, "client_id", None) for row in rows] == [None, id_of(2)]


@pytest.mark.parametrize("before", [[], [statement(1, "liked")]])
def test_a_voiding_of_what_was_not_taken_from_the_file_says_where_to_send_it(opened, before):
    *_, row = opened([*before, voiding(3, 1)]).read(Interaction)
    assert row.line == len(before) + 1
    assert "was not taken from this file" in row.reason
    assert "send the voiding to the service" in row.reason


def test_what_has_no_list_of_statements_cannot_be_opened(tmp_path):
    (tmp_path / "a.json").write_text('{"statements": {"actor": 1, "verb": 1, "object": 1}}')
    with pytest.raises(GatewaysError, match="no list of statements"):
        Xapi().open(tmp_path / "a.json", ReadOptions())


@pytest.fixture
def catalogue(catalogue, document):
    resource = Resource(id="r1", title="Halves", url="https://lms.example/halves")
    assert import_document(catalogue, document(resource)).refused == 0
    return catalogue


def test_a_file_is_taken_in_and_what_it_is_about_is_found_by_address(catalogue, opened):
    quiz = {"object": {"id": "https://lms.example/halves#q1"}}
    context = {"contextActivities": {"parent": {"id": "https://lms.example/halves"}}}
    rows = [
        statement(1, "answered", **quiz, context=context, result={"success": True}),
        statement(2),
        statement(3, object={"id": "https://lms.example/elsewhere"}),
        statement(4, "liked"),
        statement(5, actor={"mbox": "mailto:ada@school.example"}),
    ]
    report = import_document(catalogue, opened(rows))
    assert (report.taken, report.refused) == (2, 3)
    reasons = [refusal.reason for refusal in report.refusals]
    assert "no resource or outcome of the catalogue" in reasons[0]
    assert "says nothing here" in reasons[1]
    assert "GATEWAYS_LEARNER_KEY" in reasons[2]
    found = catalogue.interactions.of_learner("https://lms.example|l-17")
    assert [(one.resource, one.item, one.score) for one in found] == [
        ("r1", "https://lms.example/halves#q1", 1.0),
        ("r1", None, None),
    ]


def test_a_file_can_be_taken_in_again_and_another_of_the_same_id_is_refused(catalogue, opened):
    import_document(catalogue, opened([statement(1)]))
    again = import_document(catalogue, opened([statement(1), statement(1, "passed")]))
    assert again.counts["interactions"].unchanged == 1
    assert "something else" in again.refusals[0].reason
    assert catalogue.counts()["interactions"] == 1


def test_the_same_stays_the_same_when_the_catalogue_has_grown(catalogue, opened, document):
    page, quiz = "https://lms.example/halves", "https://lms.example/halves#q1"
    about = {
        "object": {"id": quiz},
        "context": {"contextActivities": {"parent": [{"id": page}]}},
    }
    nameless = statement(2, **about)
    del nameless["id"]
    rows = [statement(1, **about), nameless]
    assert import_document(catalogue, opened(rows)).taken == 2
    grown = document(Resource(id="r2", title="Question 1", url=quiz), name="more")
    assert import_document(catalogue, grown).refused == 0
    counts = import_document(catalogue, opened(rows)).counts["interactions"]
    assert (counts.new, counts.unchanged, counts.refused) == (0, 2, 0)
    found = catalogue.interactions.of_learner("https://lms.example|l-17")
    assert [one.resource for one in found] == ["r1", "r1"]
    other = import_document(catalogue, opened([statement(1, object={"id": quiz})]))
    assert "something else" in other.refusals[0].reason


def test_what_was_withdrawn_stays_so_when_its_file_is_taken_in_again(catalogue, opened):
    import_document(catalogue, opened([statement(1)]))
    catalogue.interactions.add_all([], [id_of(1)])
    assert import_document(catalogue, opened([statement(1)])).counts["interactions"].unchanged == 1
    assert catalogue.interactions.of_learner("https://lms.example|l-17") == []
    assert list(catalogue.interactions.live()) == []
