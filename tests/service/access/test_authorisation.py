"""Every route for everybody: what authorisation.csv says of it is what the running service does."""

import csv
import json
from pathlib import Path

import pytest

from data.catalogue.keys import EVERY_LEARNER, Role
from data.records import Decision, Event, Interaction, Platform, ResourceList, Verdict
from data.settings import load_settings
from data.workspace import Workspace
from service.app import create_app
from service.jobs.runner import ASKED

TABLE = Path(__file__).with_name("authorisation.csv")
MASTER = "a long and random key"
OWN, OTHER = "lms|own", "l-other"
JOB = "20260101-000000-abcdef"
# Who asks: the key's role, and what narrows it. All that is asked for is of the platform `ke`, of
# the learner OWN, and a list of that learner's.
ASKERS = {
    "reader": {"role": Role.READER},
    "learner": {"role": Role.LEARNER, "learner": OWN},
    "other learner": {"role": Role.LEARNER, "learner": OTHER},
    "learning program": {"role": Role.LEARNER, "learner": EVERY_LEARNER},
    "curator": {"role": Role.CURATOR},
    "curator here": {"role": Role.CURATOR, "platform": "ke"},
    "curator elsewhere": {"role": Role.CURATOR, "platform": "tz"},
    "scientist": {"role": Role.SCIENTIST},
    "administrator": {"role": Role.ADMINISTRATOR},
}
COLUMNS = ("anonymous", *ASKERS)
ALLOWED = "yes"
BROWSER = {"Sec-Fetch-Site": "same-origin"}


def table():
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def guarded(opened, settings, catalogue, monkeypatch):
    """A client of the service, over a catalogue that is shared by two platforms."""
    # What a job does is not asked here, only whether it may be started.
    monkeypatch.setattr("service.jobs.jobs.Jobs._spawn", lambda *_: None)
    for id_ in ("ke", "tz"):
        catalogue.platforms.put(Platform(id=id_, name=id_, operator="x", created=1.0))
    catalogue.platforms.assign("tiny", "ke")
    done = Interaction(
        learner=OWN,
        item="q",
        outcomes=("read-a-bar-chart",),
        time=1e9,
        event=Event.ATTEMPTED,
        score=1.0,
    )
    catalogue.interactions.add([(None, done)])
    decided = Decision(
        resource="volcano",
        outcome="read-a-bar-chart",
        verdict=Verdict.ACCEPT,
        curator="x",
        time=1.0,
        batch="b",
    )
    catalogue.ledger.decide_all([decided])
    catalogue.lists.add(
        ResourceList(id="mine", title="Mine", owner="learner", created=1.0, updated=1.0)
    )
    job = Workspace(settings.home).jobs / JOB
    job.mkdir(parents=True)
    asked = {"what": "harvest", "arguments": ["harvest"], "by": "x", "started": 1.0}
    (job / ASKED).write_text(json.dumps(asked))
    return opened(load_settings(home=settings.home, api_key=MASTER, rate_limit=0))


@pytest.fixture
def secrets(catalogue):
    """Column → a key of such a person or program."""
    return {
        name: catalogue.keys.create(name, by="root", now=1.0, **asker)[1]
        for name, asker in ASKERS.items()
    }


def ask(client, row, headers):
    sent = row["sends"]
    if sent.startswith(("{", "[")):
        more = {"json": json.loads(sent)}
    else:
        more = {"content": sent, "headers": {"content-type": "application/x-www-form-urlencoded"}}
    if row["path"].startswith("/xapi"):
        headers = {**headers, "X-Experience-API-Version": "1.0.3"}
    given = {**more.pop("headers", {}), **headers} if sent else headers
    return client.request(row["method"], row["asks"], **(more if sent else {}) | {"headers": given})


def told(response):
    """What a cell says of that answer."""
    status = response.status_code
    assert status < 500 or status == 503, response.text
    return str(status) if status in (401, 403, 404) else ALLOWED


def test_every_route_has_a_row_and_every_row_its_route(settings, routes_of):
    served = sorted(routes_of(create_app(settings)))
    rows = sorted((row["method"], row["path"]) for row in table())
    assert sorted(set(served) - set(rows)) == [], "add a row for each to authorisation.csv"
    assert sorted(set(rows) - set(served)) == [], "is not served any more"
    assert len(rows) == len(set(rows))


def test_every_row_says_what_each_may_and_asks_for_what_it_is_about():
    for row in table():
        assert {row[name] for name in COLUMNS} <= {ALLOWED, "401", "403", "404"}, row
        fixed = row["path"].partition("{")[0]
        assert row["asks"].startswith(fixed), row


@pytest.mark.slow  # near two thousand requests, of which each may be the one that is answered
def test_programs_with_keys_are_answered_as_the_table_says(guarded, secrets):
    wrong = []
    for row in table():
        for name in COLUMNS:
            guarded.cookies.clear()
            headers = {"Authorization": f"Bearer {secrets[name]}"} if name in secrets else {}
            if (found := told(ask(guarded, row, headers))) != row[name]:
                wrong.append((row["method"], row["asks"], name, row[name], found))
    assert wrong == [], "\n".join(map(str, wrong))


def test_people_who_are_signed_in_are_answered_as_the_table_says(guarded, secrets):
    """Each row for one of them in turn, as a session is held to what its key is."""
    tokens, wrong = {}, []
    for name in ASKERS:
        assert guarded.post("/sign-in", data={"key": secrets[name]}).status_code == 303
        tokens[name] = guarded.cookies["session"]
        guarded.cookies.clear()
    rows = [row for row in table() if row["path"] not in ("/sign-in", "/sign-out")]
    for number, row in enumerate(rows):
        name = list(ASKERS)[number % len(ASKERS)]
        guarded.cookies = {"session": tokens[name]}
        if (found := told(ask(guarded, row, BROWSER))) != row[name]:
            wrong.append((row["method"], row["asks"], name, row[name], found))
    assert wrong == [], "\n".join(map(str, wrong))
