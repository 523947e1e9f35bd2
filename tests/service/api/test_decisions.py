import csv
import io

import pytest

from data.catalogue import Catalogue
from data.records import Verdict

VOLCANO = "explain-how-volcanoes-erupt"
FOSSILS = "describe-how-fossils-are-formed"


@pytest.fixture
def decide(client):
    def send(decision="accept", outcome=FOSSILS, status=201, **more):
        body = {"resource_id": "volcano", "outcome_id": outcome, "decision": decision, **more}
        response = client.post("/v1/decisions", json=body)
        assert response.status_code == status, response.text
        return response.json()

    return send


def test_an_acknowledged_decision_is_there_for_another_reader(decide, settings):
    kept = decide("reject", reason="too basic", note="just a note", curator="amina")
    with Catalogue.open(settings.catalogue_url) as other:
        (found,) = other.ledger.all()
    assert (found.id, found.verdict, found.curator) == (kept["id"], Verdict.REJECT, "amina")
    assert (found.reason, found.note) == ("too basic", "just a note")
    assert kept["reason"] == "too basic"


def test_a_decision_keeps_what_was_shown(decide, suggested, catalogue):
    answer = suggested(resource_id="volcano")
    kept = decide(suggestion_id=answer["suggestion_id"])
    (found,) = catalogue.ledger.all()
    assert [line.outcome for line in found.showing.shown] == [
        item["outcome"]["id"] for item in answer["items"]
    ]
    assert found.showing.model == answer["model"]
    assert kept["suggestion_id"] == answer["suggestion_id"]
    assert kept["framework_fingerprint"] == catalogue.frameworks.get("science").fingerprint


def test_a_rejected_pair_stays_out_of_later_suggestions_and_no_other_does(decide, suggested):
    def ids(name):
        answer = suggested(resource_id=name, k=100)
        return [item["outcome"]["id"] for item in answer["items"]]

    before = ids("volcano")
    decide("reject", VOLCANO)
    assert ids("volcano") == [name for name in before if name != VOLCANO]
    assert VOLCANO in ids("moon")


def test_an_accepted_outcome_stays_and_is_an_alignment(decide, suggested, client):
    decide("accept")
    answer = suggested(resource_id="volcano", k=100)
    assert FOSSILS in [item["outcome"]["id"] for item in answer["items"]]
    aligned = client.get("/v1/resources/volcano/alignments").json()["items"]
    found = next(item for item in aligned if item["outcome"]["id"] == FOSSILS)
    assert found["provenance"]["agent"] == "curator"


def test_an_undone_rejection_lets_the_outcome_back(decide, suggested, client):
    kept = decide("reject", VOLCANO)
    undone = client.delete(f"/v1/decisions/{kept['id']}", params={"curator": "amina"})
    assert undone.status_code == 200
    assert (undone.json()["decision"], undone.json()["curator"]) == ("undo", "amina")
    assert suggested(resource_id="volcano")["items"][0]["outcome"]["id"] == VOLCANO


def test_undoing_an_acceptance_withdraws_its_alignment(decide, client):
    kept = decide("accept")
    client.delete(f"/v1/decisions/{kept['id']}")
    aligned = client.get("/v1/resources/volcano/alignments").json()["items"]
    assert [item["outcome"]["id"] for item in aligned] == [VOLCANO]


def test_only_what_stands_can_be_undone(decide, client, problem_in):
    problem_in(client.delete("/v1/decisions/77"), 404)
    problem_in(client.delete("/v1/decisions/none"), 422)
    kept = decide("accept")
    assert client.delete(f"/v1/decisions/{kept['id']}").status_code == 200
    problem_in(client.delete(f"/v1/decisions/{kept['id']}"), 409)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"resource_id": "none"}, 404),
        ({"outcome_id": "none"}, 404),
        ({"outcome_id": "maths-fractions"}, 422),
        ({"decision": "maybe"}, 422),
        ({"decision": "undo"}, 422),
        ({"reason": "too basic"}, 422),
        ({"decision": "reject", "reason": "I do not like it"}, 422),
        ({"suggestion_id": "none"}, 422),
        ({"note": "n" * 10_001}, 422),
        ({"curator": ""}, 422),
        ({"note": "nul\x00"}, 422),
    ],
)
def test_a_decision_that_cannot_be_kept_is_refused(client, catalogue, change, status, problem_in):
    body = {"resource_id": "volcano", "outcome_id": FOSSILS, "decision": "accept", **change}
    problem_in(client.post("/v1/decisions", json=body), status)
    assert list(catalogue.ledger.all()) == []


def test_suggestions_shown_for_another_resource_do_not_fit(suggested, client, problem_in):
    shown = suggested(resource_id="moon")["suggestion_id"]
    body = {"resource_id": "volcano", "outcome_id": FOSSILS, "decision": "accept"}
    problem_in(client.post("/v1/decisions", json={**body, "suggestion_id": shown}), 422)


def test_the_ledger_is_listed_newest_first_and_in_pages(decide, client):
    for verdict in ("accept", "reject", "defer"):
        decide(verdict)
    first = client.get("/v1/decisions", params={"limit": 2}).json()
    rest = client.get("/v1/decisions", params={"limit": 2, "cursor": first["next"]}).json()
    assert [item["decision"] for item in first["items"]] == ["defer", "reject"]
    assert [item["decision"] for item in rest["items"]] == ["accept"]
    assert rest["next"] is None
    assert client.get("/v1/decisions", params={"resource": "moon"}).json()["items"] == []
    assert len(client.get("/v1/decisions", params={"resource": "volcano"}).json()["items"]) == 3


@pytest.mark.parametrize("name", ["decisions", "alignments"])
def test_the_tables_are_whole_csv_files(decide, client, name):
    decide("accept", note="=1+1")
    response = client.get(f"/v1/{name}.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert f'filename="{name}.csv"' in response.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert {row["outcome"] for row in rows} == (
        {FOSSILS} if name == "decisions" else {FOSSILS, VOLCANO}
    )
    assert "=1+1" not in [row.get("note") for row in rows]  # a spreadsheet would compute it


def test_a_table_leaves_no_file_behind(client, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "aside"))
    (tmp_path / "aside").mkdir()
    assert client.get("/v1/decisions.csv").status_code == 200
    assert list((tmp_path / "aside").iterdir()) == []
