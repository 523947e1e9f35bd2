import json
import re
import time

import pytest
from pydantic import SecretStr

from data.catalogue.keys import Role
from data.catalogue.servers import Server
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import CorrespondenceDecision, Decision, Match, Verdict
from models.bundles.released import Change, record
from service.web.administration import pages
from tests.patience import until


def text_of(response):
    """What a page says, without its tags."""
    assert response.status_code == 200, response.text
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


@pytest.fixture
def busy(catalogue, settings):
    """A workspace in which something of every kind was done."""
    accept = Decision(
        resource="volcano",
        outcome="read-a-bar-chart",
        verdict=Verdict.ACCEPT,
        curator="Ada",
        time=1000.0,
    )
    catalogue.ledger.undo(catalogue.ledger.decide(accept).id, "Bob", 2000.0)
    same = CorrespondenceDecision(
        outcome="read-a-bar-chart",
        other="describe-the-water-cycle",
        match=Match.RELATED,
        verdict=Verdict.ACCEPT,
        curator="Ada",
        time=2500.0,
    )
    catalogue.crosswalks.decide(same)
    catalogue.learners.erase("l1", "Bob", 3000.0)
    change = Change(action="rollback", version="1", folder="x", time="1970-01-01T01:06:40+00:00")
    record(settings.home / "models", change)
    key, _ = catalogue.keys.create("Eve", Role.READER, by="Ada", now=5000.0)
    catalogue.keys.revoke(key.id, by="Bob", now=6000.0)


def test_sources_are_listed_with_their_rows_and_when_they_came(client):
    said = text_of(client.get("/administration"))
    assert "tiny not stated 2" in said
    assert re.search(r"(second|minute)s? ago", said)


def test_a_source_of_one_curriculum_goes_by_its_name_and_not_by_a_bare_id(
    client, catalogue, tmp_path
):
    package = {
        "CFDocument": {"identifier": "b0000000-0000-0000-0000-000000000000", "title": "Numbers"},
        "CFItems": [{"identifier": "b0000000-0000-0000-0000-000000000001", "fullStatement": "One"}],
    }
    file = tmp_path / "package.json"
    file.write_text(json.dumps(package))
    import_document(catalogue, open_document(file, ReadOptions()))
    for there in ("/administration", "/administration/platforms"):
        said = text_of(client.get(there))
        assert "Numbers b0000000-0000-0000-0000-000000000000" in said


def test_an_empty_catalogue_says_how_to_fill_it(opened, empty_settings):
    assert "gateways import" in text_of(opened(empty_settings).get("/administration"))


def test_the_trail_tells_all_that_was_done_newest_first(client, busy):
    said = text_of(client.get("/administration/trail"))
    told = [
        "Revoked the key of Eve (reader)",
        "Made a key for Eve (reader)",
        "Went back to version 1",
        "Erased a learner",
        "Accepted · related: Read a bar chart – Describe the water cycle",
        "Undid what was decided on",
        "Accepted that",
    ]
    places = [said.index(line) for line in told]
    assert places == sorted(places)


def test_the_trail_tells_what_commands_brought_and_indexed(client):
    said = text_of(client.get("/administration/trail"))
    assert "Imported tiny" in said
    assert "Another index came into use" in said
    assert "Another index" not in text_of(client.get("/administration/trail?kind=import"))


def test_the_trail_tells_whose_key_a_platform_and_a_source_were_changed_with(
    opened, settings, catalogue
):
    client = opened(settings.model_copy(update={"api_key": SecretStr("the settings' own key")}))
    _, secret = catalogue.keys.create("Eve", Role.ADMINISTRATOR, by="Ada", now=time.time())
    headers = {"Authorization": f"Bearer {secret}"}
    for path, sent in (
        ("platforms", {"id": "ke", "name": "Shelf", "operator": "Ministry"}),
        ("sources", {"kind": "oai", "name": "archive", "url": "https://archive.example.org/oai"}),
        ("sources/archive/remove", {}),
    ):
        there = f"/administration/{path}"
        assert client.post(there, data=sent, headers=headers).status_code == 303, path
    catalogue.platforms.remove("ke")  # as a command does, without a key
    said = text_of(client.get("/administration/trail", headers=headers))
    for line in (
        "Removed the source archive Eve",
        "Added or changed the source archive Eve",
        "Added or changed the platform ke Eve",
    ):
        assert line in said
    assert "Removed the platform ke Eve" not in said
    eve = text_of(client.get("/administration/trail?who=Eve", headers=headers))
    assert "Removed the source archive" in eve
    assert "Removed the platform ke" not in eve
    # The trail itself has no name in it, and is as it was written.
    assert not any("Eve" in entry.said for entry in catalogue.audit.entries())
    assert list(catalogue.audit.faults()) == []


def test_the_trail_can_be_of_one_kind_or_person(client, busy):
    undone = text_of(client.get("/administration/trail?kind=undo"))
    assert "Undid" in undone
    assert "Accepted that" not in undone
    ada = text_of(client.get("/administration/trail?who=Ada"))
    assert "Accepted that" in ada
    assert "Made a key" in ada
    assert "Undid" not in ada
    assert "Nothing like that was done" in text_of(client.get("/administration/trail?who=Zoe"))
    assert client.get("/administration/trail?kind=other").status_code == 422


def test_the_trail_is_leafed_through(client, busy, monkeypatch):
    monkeypatch.setattr(pages, "LINES", 4)
    first = client.get("/administration/trail")
    assert 'rel="next" href="?page=2"' in first.text
    assert client.get("/administration/trail?page=2").text.count('class="what"') == 4
    # Seven things that were done long ago, and the import and its index.
    last = client.get("/administration/trail?page=3")
    assert last.text.count('class="what"') == 1
    assert 'rel="next"' not in last.text
    assert client.get("/administration/trail?page=0").status_code == 422


def test_a_key_is_shown_once_and_can_be_revoked(client, catalogue):
    fields = {"name": "Ada", "role": "curator", "days": "30"}
    made = client.post("/administration/keys", data=fields)
    secret = re.search(r'class="secret"[^>]*>([^<]+)<', made.text)[1]
    (key,) = catalogue.keys.all()
    assert key.opens(secret.encode())
    assert key.expires == pytest.approx(time.time() + 30 * 24 * 3600, abs=60)
    later = client.get("/administration/keys").text
    assert secret not in later
    assert "Ada" in later
    assert client.post(f"/administration/keys/{key.id}/revoke").status_code == 303
    assert "Revoked" in text_of(client.get("/administration/keys"))
    assert client.post(f"/administration/keys/{key.id}/revoke").status_code == 409


def test_a_key_is_replaced_by_one_that_is_shown_once_too(client, catalogue):
    client.post("/administration/keys", data={"name": "Ada", "role": "learner", "learner": "l-1"})
    (old,) = catalogue.keys.all()
    made = client.post(f"/administration/keys/{old.id}/rotate")
    secret = re.search(r'class="secret"[^>]*>([^<]+)<', made.text)[1]
    new = next(key for key in catalogue.keys.all() if key.id != old.id)
    assert new.opens(secret.encode())
    assert (new.learner, new.replaces) == ("l-1", old.id)
    replaceable = re.findall(r'action="/administration/keys/(\w+)/rotate"', made.text)
    assert replaceable == [new.id]  # and the old one not again
    assert client.post(f"/administration/keys/{old.id}/rotate").status_code == 409


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "role": "reader"},
        {"name": "x" * 61, "role": "reader"},
        {"name": "Ada", "role": "queen"},
        {"name": "Ada", "role": "learner"},
        {"name": "Ada", "role": "learner", "learner": "ada@school.example"},
        {"name": "Ada", "role": "reader", "days": "-1"},
        {"name": "Ada", "role": "reader", "days": "99999"},
    ],
)
def test_a_key_that_cannot_be_is_refused(client, catalogue, fields):
    assert client.post("/administration/keys", data=fields).status_code == 422
    assert catalogue.keys.all() == []


def test_jobs_are_listed(client):
    assert "Nothing was started yet" in text_of(client.get("/administration/jobs"))
    client.post("/models/retrain", data={"dry_run": "1"})
    assert "gateways retrain --epochs=1 --dry-run" in text_of(client.get("/administration/jobs"))


def test_every_process_is_listed_with_what_it_serves(client, catalogue):
    index = client.get("/readyz").json()["index"]
    lagging = Server(
        id="z", host="other", port=9, index="old", model="m", why="not here", seen=time.time()
    )
    catalogue.servers.report(lagging)
    until(lambda: len(client.get("/v1/status").json()["servers"]) == 2)
    found = {one["port"]: one["state"] for one in client.get("/v1/status").json()["servers"]}
    assert found == {8000: "current", 9: "behind"}
    said = text_of(client.get("/administration/servers"))
    assert "not in use everywhere" in said
    assert f":8000 up to date {index}" in said
    assert "other:9 behind old" in said
    assert "not here" in said
