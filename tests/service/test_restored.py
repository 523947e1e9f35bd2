"""A backup of a service in use, restored elsewhere, serves the same."""

import pytest

from data.backup.making import make_backup
from data.backup.restoring import restore_backup
from data.settings import load_settings

ASKED = (
    {"text": "the phases of the Moon", "k": 5},
    {"resource_id": "pizza", "k": 5},
    {"resource_id": "volcano", "frameworks": ["science"]},
)
DID = {"id": "once", "learner": "l", "resource": "chart", "time": 1.7e9, "event": "completed"}


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request, tmp_path):
    """The settings of another machine."""
    home = tmp_path / "elsewhere" / "home"
    if request.param == "sqlite":
        yield load_settings(home=home, max_text=20_000)
    else:
        with request.getfixturevalue("postgresql").database() as url:
            yield load_settings(home=home, max_text=20_000, database_url=url)


def told(client):
    suggested = [client.post("/v1/suggestions", json=asked).json() for asked in ASKED]
    learner = client.get("/v1/learners/l/export").json()
    return {
        "suggestions": [(one["index"], one["model"], one["items"]) for one in suggested],
        "decisions": client.get("/v1/decisions").json()["items"],
        "interactions": learner["interactions"],
        "alignments": client.get("/v1/alignments.csv").text,
        "ready": client.get("/readyz").json(),
    }


def test_a_restore_on_another_machine_serves_the_same(client, opened, settings, elsewhere):
    said = {"resource_id": "pizza", "outcome_id": "read-a-bar-chart"}
    for decision in ("accept", "reject"):
        made = client.post("/v1/decisions", json=said | {"decision": decision, "curator": "ann"})
        assert made.status_code == 201, made.text
    assert client.post("/v1/interactions", json=DID).status_code == 200

    folder = make_backup(settings, settings.home.parent / "backups")
    before = told(client)
    restore_backup(elsewhere, folder)

    assert told(opened(elsewhere)) == before
    assert len(before["decisions"]) == 2
    assert len(before["interactions"]) == 1
