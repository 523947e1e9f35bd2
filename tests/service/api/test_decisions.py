OUTCOME = "explain-how-volcanoes-erupt"


def decide(client, decision="accept", **more):
    body = {"resource_id": "volcano", "outcome_id": OUTCOME, "decision": decision, **more}
    return client.post("/v1/decisions", json=body)


def outcomes_for(suggested, resource):
    return [item["outcome"]["id"] for item in suggested(resource_id=resource, k=100)["items"]]


def test_a_decision_keeps_what_was_shown(client, suggested, catalogue):
    shown = suggested(resource_id="volcano")
    answer = decide(client, suggestion_id=shown["suggestion_id"], note="clear")
    assert answer.status_code == 201
    kept = next(iter(catalogue.ledger.all()))
    assert (kept.resource, kept.outcome, kept.note) == ("volcano", OUTCOME, "clear")
    assert kept.showing.id == shown["suggestion_id"]
    assert kept.showing.model == shown["model"]
    assert kept.showing.index == shown["index"]
    assert [line.outcome for line in kept.showing.shown] == [
        item["outcome"]["id"] for item in shown["items"]
    ]
    assert kept.framework_fingerprint


def test_a_rejected_pair_stays_out_until_it_is_undone(client, suggested):
    rejected = decide(client, "reject", reason="too advanced")
    assert rejected.status_code == 201
    assert OUTCOME not in outcomes_for(suggested, "volcano")
    assert OUTCOME in outcomes_for(suggested, "moon")
    assert client.delete(f"/v1/decisions/{rejected.json()['id']}").status_code == 200
    assert OUTCOME in outcomes_for(suggested, "volcano")


def test_a_reason_outside_the_vocabulary_is_refused(client, problem_in):
    problem = problem_in(decide(client, "reject", reason="do not like it"), 422)
    assert "too advanced" in str(problem)


def test_what_is_not_there_cannot_be_decided_on(client, problem_in):
    problem_in(decide(client, outcome_id="nothing"), 404)
    problem_in(decide(client, resource_id="nobody"), 404)


def test_a_suggestion_for_another_resource_is_refused(client, suggested, problem_in):
    other = suggested(resource_id="moon")["suggestion_id"]
    problem_in(decide(client, suggestion_id=other), 422)


def test_a_decision_cannot_be_undone_twice(client, problem_in):
    number = decide(client).json()["id"]
    assert client.delete(f"/v1/decisions/{number}").status_code == 200
    problem_in(client.delete(f"/v1/decisions/{number}"), 409)


def test_the_ledger_is_listed_newest_first_page_by_page(client):
    for decision in ("accept", "defer", "reject"):
        decide(client, decision)
    page = client.get("/v1/decisions", params={"limit": 2}).json()
    rest = client.get("/v1/decisions", params={"limit": 2, "cursor": page["next"]}).json()
    listed = [item["decision"] for item in page["items"] + rest["items"]]
    assert listed == ["reject", "defer", "accept"]
    assert rest["next"] is None


def test_the_ledger_is_exported_as_csv(client):
    decide(client, note="=1+1")
    exported = client.get("/v1/decisions.csv")
    assert exported.headers["content-type"].startswith("text/csv")
    assert "volcano" in exported.text
    assert "'=1+1" in exported.text
