"""What the key of a platform's curator may change, route by route."""

from functools import partial

import pytest

from data.catalogue.keys import Role
from data.records import Decision, Platform, Resource, Verdict
from data.settings import load_settings

OUTCOME = "read-a-bar-chart"
MINE, FOREIGN = "volcano", "foreign"
HERE = {"title": "x", "text": "A bar chart", "accept": f"0 {OUTCOME}"}
MADE_HERE = [
    ("/v1/resources", {"json": {"title": "x"}}),
    ("/v1/projects/maths/learn", {"json": [{"text": "x", "subjects": [{"uri": OUTCOME}]}]}),
    ("/decisions", {"data": HERE}),
]


@pytest.fixture
def shared(catalogue, settings):
    """The tiny catalogue is of platform `ke`; one resource is of nobody."""
    for id_ in ("ke", "tz"):
        catalogue.platforms.put(Platform(id=id_, name=id_, operator="x", created=1.0))
    catalogue.platforms.assign("tiny", "ke")
    catalogue.resources.create(Resource(id=FOREIGN, title="Foreign"))
    return catalogue


@pytest.fixture
def client_of(opened, shared, settings):
    """Requests with a curator's key of a platform, or of all, to one service."""
    guarded = opened(load_settings(home=settings.home, api_key="master"))
    secrets = {
        platform: shared.keys.create("Ada", Role.CURATOR, by="x", now=1.0, platform=platform)[1]
        for platform in ("ke", "tz", None)
    }
    return lambda platform: Curator(guarded, secrets[platform])


class Curator:
    def __init__(self, client, secret):
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.client = client

    def __getattr__(self, method):
        return partial(getattr(self.client, method), headers=self.headers)


def decision_on(resource):
    return {"resource_id": resource, "outcome_id": OUTCOME, "decision": "accept"}


def asked_of(client, resource):
    """What each way to change something of that resource answers."""
    form = {"resource": resource, "accept": f"0 {OUTCOME}"}
    return {
        "api": client.post("/v1/decisions", json=decision_on(resource)).status_code,
        "replace": client.put(f"/v1/resources/{resource}", json={"title": "x"}).status_code,
        "page": client.post("/decisions", data=form).status_code,
        "queue": client.post("/curate/decisions", data=form).status_code,
        "look": client.get(f"/curate/resources/{resource}").status_code,
    }


def test_a_curator_of_a_platform_changes_what_is_of_it_and_nothing_else(client_of):
    kenya = client_of("ke")
    assert asked_of(kenya, FOREIGN) == dict.fromkeys(asked_of(kenya, FOREIGN), 403)
    mine = asked_of(kenya, MINE)
    assert mine == {"api": 201, "replace": 200, "page": 303, "queue": 303, "look": 200}
    said = kenya.post("/v1/decisions", json=decision_on(FOREIGN)).json()["detail"]
    assert said == "resource 'foreign' is not of platform 'ke', and this key is for that one alone"
    assert set(asked_of(client_of("tz"), MINE).values()) == {403}
    for resource in (MINE, FOREIGN):
        assert 403 not in asked_of(client_of(None), resource).values()


def test_what_would_be_of_no_platform_is_not_made_with_a_platforms_key(client_of):
    kenya, everyone = client_of("ke"), client_of(None)
    for path, sent in MADE_HERE:
        refused = kenya.post(path, **sent)
        assert refused.status_code == 403
        assert "import it into a dataset of 'ke'" in refused.text
        assert everyone.post(path, **sent).status_code in (201, 204, 303)


def test_what_was_decided_is_undone_by_those_whose_it_is(client_of, shared):
    kept = shared.ledger.decide_all(
        [
            Decision(
                resource=resource,
                outcome=OUTCOME,
                verdict=Verdict.ACCEPT,
                curator="x",
                time=1.0,
                batch="b",
            )
            for resource in (MINE, FOREIGN)
        ]
    )
    kenya = client_of("ke")
    assert kenya.delete(f"/v1/decisions/{kept[1].id}").status_code == 403
    assert kenya.post("/undo", data={"undo": kept[1].id}).status_code == 403
    assert kenya.post("/curate/undo", data={"undo": kept[1].id}).status_code == 403
    assert kenya.post("/curate/bulk/undo", data={"batch": "b"}).status_code == 403
    assert kenya.delete(f"/v1/decisions/{kept[0].id}").status_code == 200
    assert kenya.delete("/v1/decisions/99").status_code == 404


def test_a_file_goes_into_a_dataset_of_the_platform_or_a_new_one(client_of, shared, monkeypatch):
    started = []

    class Started:
        id = "x"

    monkeypatch.setattr(
        "service.jobs.jobs.Jobs.start", lambda *sent: started.append(sent[2]) or Started
    )

    def dropped(client, name):
        there = client.post("/curate/import", files={"file": (name, b"id,title\na,b\n")})
        return client.post(there.headers["location"], data={"kind": "resources"}).status_code

    kenya, tanzania = client_of("ke"), client_of("tz")
    assert dropped(tanzania, "tiny.csv") == 403
    assert started == []
    assert (dropped(kenya, "tiny.csv"), dropped(tanzania, "new.csv")) == (303, 303)
    assert [command[-1] for command in started] == ["--platform=ke", "--platform=tz"]
    assert dropped(client_of(None), "tiny.csv") == 303
    assert "--platform" not in " ".join(started[-1])


def test_the_queue_has_only_what_is_of_the_platform(client_of, shared):
    assert shared.queue.choices("tz") == {
        "framework": {},
        "subject": {},
        "dataset": {},
        "language": {},
    }
    tanzania = client_of("tz")
    assert tanzania.get("/curate/next").headers["location"] == "/curate"


def test_what_holds_between_curricula_is_not_for_one_platforms_key(client_of):
    said = {"outcome_id": OUTCOME, "other_id": OUTCOME, "match": "exact", "decision": "accept"}
    sent = [
        ("/v1/crosswalks/decisions", {"json": said}),
        ("/coverage/editions", {"data": {"old": "f", "new": "g"}}),
    ]
    for path, body in sent:
        assert client_of("ke").post(path, **body).status_code == 403
        assert client_of(None).post(path, **body).status_code in (404, 422)
    assert client_of("ke").delete("/v1/crosswalks/decisions/1").status_code == 403


def test_what_a_program_decides_is_kept_under_the_name_of_its_key_whatever_it_says(
    client_of, shared
):
    said = decision_on(MINE) | {"curator": "Somebody else"}
    kept = client_of(None).post("/v1/decisions", json=said).json()
    assert kept["curator"] == "Ada"
    client_of(None).delete(f"/v1/decisions/{kept['id']}?curator=Somebody")
    assert {decision.curator for decision in shared.ledger.all()} == {"Ada"}
