import csv
import io
from dataclasses import replace

import pytest

from data.records import Match, ProposedCorrespondence

BAR = "read-a-bar-chart"
CIRCUIT, MOON = "build-a-simple-electric-circuit", "explain-why-the-moon-has-phases"
HERE = "/v1/crosswalks/maths/science"


@pytest.fixture
def proposed(catalogue):
    catalogue.crosswalks.propose(
        [
            ProposedCorrespondence(
                outcome=BAR,
                other=other,
                match=Match.EXACT,
                confidence=sure,
                agent="crosswalk",
                model="m1",
                time=1.0,
            )
            for other, sure in ((CIRCUIT, 0.75), (MOON, 0.25))
        ]
    )


@pytest.fixture
def decide(client, proposed):
    def sent(decision="accept", other=CIRCUIT, match="broader", **more):
        body = {"outcome_id": BAR, "other_id": other, "match": match, "decision": decision}
        return client.post("/v1/crosswalks/decisions", json=body | more)

    return sent


def test_the_pairs_of_frameworks_are_counted_and_what_waits_is_listed(client, proposed):
    (pair,) = client.get("/v1/crosswalks").json()["items"]
    assert pair == {"framework": "maths", "other": "science", "waiting": 2, "standing": 0}
    first = client.get(HERE, params={"state": "waiting", "limit": 1}).json()
    assert (first["waiting"], first["standing"]) == (2, 0)
    (line,) = first["items"]
    assert line["outcome"]["title"] == "Read a bar chart"
    assert (line["other"]["id"], line["match"], line["confidence"]) == (CIRCUIT, "exact", 0.75)
    assert line["provenance"] == {"agent": "crosswalk", "time": 1.0, "model": "m1"}
    second = client.get(HERE, params={"state": "waiting", "cursor": first["next"]}).json()
    assert [one["other"]["id"] for one in second["items"]] == [MOON]
    assert second["next"] is None


def test_a_decision_moves_a_line_from_what_waits_to_what_stands_and_back(client, decide):
    answer = decide(note="clear", curator="Amina")
    assert answer.status_code == 201
    kept = answer.json()
    assert (kept["id"], kept["decision"], kept["match"]) == (1, "accept", "broader")
    found = client.get(HERE).json()
    assert (found["waiting"], found["standing"]) == (1, 1)
    (line,) = found["items"]
    assert (line["match"], line["confidence"]) == ("broader", None)
    assert line["provenance"]["agent"] == "Amina"
    undone = client.delete("/v1/crosswalks/decisions/1", params={"curator": "Ben"}).json()
    assert (undone["decision"], undone["curator"]) == ("undo", "Ben")
    assert client.get(HERE).json()["items"] == []
    ledger = client.get("/v1/crosswalks/decisions").json()["items"]
    assert [one["decision"] for one in ledger] == ["undo", "accept"]


def test_what_stands_is_taken_along_as_a_table_and_as_case(client, decide):
    decide(curator="Amina")
    answer = client.get(f"{HERE}/crosswalk.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert [row[name] for name in ("outcome", "other", "match", "agent", "model")] == [
        *(BAR, CIRCUIT, "broader", "Amina", "m1")
    ]
    package = client.get(f"{HERE}/case.json").json()
    assert package["CFDocument"]["title"]
    kinds = [one["associationType"] for one in package["CFAssociations"]]
    assert kinds.count("isPartOf") == 1
    other = client.get("/v1/crosswalks/science/maths/case.json").json()
    assert "isPartOf" not in [one["associationType"] for one in other["CFAssociations"]]


def test_what_cannot_be_is_refused_and_nothing_is_undone_twice(client, decide, problem_in):
    for change, status in (
        ({"other": "nothing"}, 404),
        ({"other": BAR}, 422),
        ({"match": "alike"}, 422),
        ({"decision": "undo"}, 422),
    ):
        problem_in(decide(**change), status)
    for path in ("/v1/crosswalks/maths/none", f"{HERE}/none/crosswalk.csv"):
        problem_in(client.get(path), 404)
    problem_in(client.delete("/v1/crosswalks/decisions/1"), 404)
    decide("reject")
    assert client.delete("/v1/crosswalks/decisions/1").status_code == 200
    problem_in(client.delete("/v1/crosswalks/decisions/1"), 409)


def test_what_is_not_accepted_needs_no_match_which_is_then_what_was_proposed(
    client, catalogue, decide, problem_in
):
    assert decide("defer", match=None).json()["match"] == "exact"
    broader = replace(catalogue.crosswalks.proposal(BAR, MOON), match=Match.BROADER)
    catalogue.crosswalks.propose([broader])
    turned = {"outcome_id": MOON, "other_id": BAR, "decision": "reject"}
    sent = client.post("/v1/crosswalks/decisions", json=turned)
    assert (sent.status_code, sent.json()["match"]) == (201, "narrower")
    accepted = problem_in(decide("accept", match=None), 422)
    assert accepted["errors"][0]["pointer"] == "#/match"
    catalogue.crosswalks.forget("crosswalk", "maths", "science")
    problem_in(decide("reject", match=None), 422)
