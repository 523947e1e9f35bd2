"""A learner's key opens what is kept of that learner, whatever they are called, and no more."""

import pytest

from data.catalogue.keys import EVERY_LEARNER, Role
from data.pseudonyms import pseudonym
from data.settings import load_settings

SCHOOL_ID = "ada@school.example"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def hashed(settings):
    return load_settings(home=settings.home, api_key="master", learner_key="a long secret of ours")


@pytest.fixture
def ada(opened, hashed, catalogue):
    """A client with a key of one learner, whose ids from school are hashed."""
    client = opened(hashed)
    learner = pseudonym(SCHOOL_ID, hashed.learner_key)
    _, secret = catalogue.keys.create("Ada", Role.LEARNER, by="x", now=1.0, learner=learner)
    client.headers["Authorization"] = f"Bearer {secret}"
    client.learner = learner
    return client


def answered(learner):
    about = {"item": "q", "outcomes": ["read-a-bar-chart"], "time": 1e9, "event": "attempted"}
    return {"learner": learner, "score": 1.0, **about}


@pytest.mark.parametrize("called", ["by the school", "as it is kept"])
def test_a_learner_reads_of_themselves_and_of_nobody_else(ada, called):
    own = SCHOOL_ID if called == "by the school" else ada.learner
    assert ada.get(f"/v1/learners/{own}/mastery").status_code == 200
    assert ada.get(f"/learners/{own}", headers=PAGE).status_code == 200
    for other in ("bob@school.example", "p-" + "0" * 32):
        assert ada.get(f"/v1/learners/{other}/mastery").status_code == 403
        assert ada.get(f"/learners/{other}", headers=PAGE).status_code == 403


def test_next_steps_lead_a_learner_to_their_own_page(ada):
    assert 'href="/learners"' in ada.get("/", headers=PAGE).text
    assert ada.get("/learners").headers["location"] == f"/learners/{ada.learner}"


def test_of_what_is_sent_nothing_is_kept_if_some_of_it_is_of_others(ada, catalogue):
    sent = {"items": [answered(SCHOOL_ID), answered("bob@school.example")]}
    assert ada.post("/v1/interactions", json=sent).status_code == 403
    assert catalogue.counts()["interactions"] == 0
    assert ada.post("/v1/interactions", json={"items": sent["items"][:1]}).status_code == 200


def test_a_learner_takes_back_no_statement_since_it_may_be_anybodys(ada):
    voiding = {
        "actor": {"account": {"homePage": "https://lms.example", "name": "l"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": "00000000-0000-4000-8000-000000000001"},
    }
    headers = {"X-Experience-API-Version": "1.0.3"}
    assert ada.post("/xapi/statements", json=voiding, headers=headers).status_code == 403


def test_a_learners_key_that_names_nobody_opens_nobody(ada, catalogue):
    _, secret = catalogue.keys.create("Nobody", Role.LEARNER, by="x", now=1.0)
    ada.headers["Authorization"] = f"Bearer {secret}"
    assert ada.get(f"/v1/learners/{SCHOOL_ID}/mastery").status_code == 403
    assert ada.get("/learners").status_code == 403
    assert 'href="/learners"' not in ada.get("/", headers=PAGE).text


def test_a_program_for_all_learners_speaks_for_each(ada, catalogue):
    _, secret = catalogue.keys.create(
        "Moodle", Role.LEARNER, by="x", now=1.0, learner=EVERY_LEARNER
    )
    ada.headers["Authorization"] = f"Bearer {secret}"
    items = [answered(SCHOOL_ID), answered("bob@school.example")]
    assert ada.post("/v1/interactions", json={"items": items}).status_code == 200
    assert ada.get("/learners").status_code == 200
