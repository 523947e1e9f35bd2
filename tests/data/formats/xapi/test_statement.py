import json
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.formats.fields import RowError
from data.formats.protocol import Called
from data.formats.xapi.statement import Experience, Voiding, read_statement
from data.records import Event, Interaction

SITE = "https://gateways.example/"
ID = "7f6a6b5c-1d2e-4f30-8a9b-0c1d2e3f4a5b"
NAME = "Ada Lovelace"
MAIL = "ada@school.example"
ADL = "http://adlnet.gov/expapi/verbs/"
STATEMENT = {
    "id": ID.upper(),
    "actor": {"name": NAME, "account": {"homePage": "https://lms.example", "name": "l-17"}},
    "verb": {"id": f"{ADL}completed", "display": {"en": "completed"}},
    "object": {"id": "https://lms.example/quiz/3", "definition": {"name": {"en": "Quiz 3"}}},
    "result": {"score": {"scaled": 0.75}, "success": True, "duration": "PT4M30S"},
    "context": {
        "instructor": {"name": NAME, "mbox": f"mailto:{MAIL}"},
        "contextActivities": {"parent": [{"id": f"{SITE}resources/a%2Fb?lang=fr"}]},
    },
    "timestamp": "2026-05-04T09:30:00.5Z",
    "authority": {"mbox": f"mailto:{MAIL}"},
}


def read(**changes):
    return read_statement(STATEMENT | changes, [SITE])


def refused(**changes):
    with pytest.raises(RowError) as caught:
        read(**changes)
    return str(caught.value)


def test_a_statement_becomes_an_interaction_with_the_names_of_what_it_is_about():
    said = read()
    assert said == Experience(
        id=ID,
        interaction=Interaction(
            learner="https://lms.example|l-17",
            time=1777887000.5,
            event=Event.COMPLETED,
            score=0.75,
            extra={"xapi": {"id": ID, "verb": "completed", "duration": "PT4M30S", "of": ANY}},
        ),
        about=(
            Called(("https://lms.example/quiz/3",), ("https://lms.example/quiz/3",)),
            Called((f"{SITE}resources/a%2Fb?lang=fr", "a/b"), (f"{SITE}resources/a%2Fb?lang=fr",)),
        ),
        is_timed=True,
    )


def test_what_it_is_about_tells_statements_apart_wherever_we_are_at_home():
    def of(sites=(SITE,), **changes):
        return read_statement(STATEMENT | changes, sites).interaction.extra["xapi"]["of"]

    assert of() == of(sites=()) != of(object={"id": "https://lms.example/quiz/4"}) != of(context={})


def test_nothing_personal_is_in_what_is_read():
    assert NAME not in repr(read())
    assert MAIL not in repr(read())


@pytest.mark.parametrize(
    ("verb", "event"),
    [
        ("http://adlnet.gov/expapi/verbs/answered", Event.ATTEMPTED),
        ("http://adlnet.gov/expapi/verbs/attempted", Event.ATTEMPTED),
        ("http://adlnet.gov/expapi/verbs/mastered", Event.COMPLETED),
        ("http://adlnet.gov/expapi/verbs/experienced", Event.VIEWED),
        ("http://adlnet.gov/expapi/verbs/launched", Event.VIEWED),
        ("http://adlnet.gov/expapi/verbs/progressed", Event.VIEWED),
        ("http://id.tincanapi.com/verb/skipped", Event.SKIPPED),
    ],
)
def test_verbs_are_events(verb, event):
    assert read(verb={"id": verb}).interaction.event is event


@pytest.mark.parametrize(
    ("verb", "result", "score"),
    [
        ("answered", {"score": {"scaled": 0.5}, "success": False}, 0.5),
        ("answered", {"score": {"scaled": -0.5}}, 0.0),
        ("answered", {"score": {"raw": 15, "min": 10, "max": 20}}, 0.5),
        ("answered", {"score": {"raw": 4, "max": 5}}, 0.8),
        ("answered", {"score": {"raw": 4}, "success": True}, 1.0),
        ("answered", {"success": False}, 0.0),
        ("answered", {"success": "yes"}, None),
        ("answered", None, None),
        ("completed", {"completion": True}, None),
        ("passed", None, 1.0),
        ("failed", {}, 0.0),
        ("failed", {"score": {"scaled": 0.3}}, 0.3),
        ("experienced", {"score": {"scaled": 0.3}}, None),
    ],
)
def test_a_score_is_told_by_the_result_or_else_by_the_verb(verb, result, score):
    assert read(verb={"id": ADL + verb}, result=result).interaction.score == score


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "7"}, "id is"),
        ({"actor": None}, "actor is missing"),
        ({"actor": {"objectType": "Group", "mbox": f"mailto:{MAIL}"}}, "not one learner"),
        ({"actor": {"name": NAME}}, "nothing that tells them from others"),
        ({"actor": {"account": {"name": NAME}}}, "needs a homePage"),
        ({"actor": {"mbox": NAME}}, "mailto:"),
        ({"actor": {"mbox_sha1sum": NAME}}, "40 hexadecimal digits"),
        ({"verb": {}}, "verb.id is missing"),
        ({"verb": {"id": f"{ADL}liked"}}, "says nothing here"),
        ({"object": None}, "object is missing"),
        ({"object": {"id": ""}}, "object.id is missing"),
        ({"object": {"id": 7}}, "object.id is 7"),
        ({"object": {"id": "a\0"}}, "NUL"),
        ({"object": {"objectType": "Agent", "mbox": f"mailto:{MAIL}"}}, 'of type "Agent"'),
        ({"result": []}, "result is a list"),
        ({"result": {"score": {"scaled": 3}}}, "between -1 and 1"),
        ({"result": {"score": {"raw": 6, "max": 5}}}, "between min and max"),
        ({"timestamp": "yesterday"}, "write it as"),
        ({"timestamp": "1960-01-01"}, "before 1970"),
        ({"timestamp": None}, "timestamp is missing"),
        ({"verb": {"id": f"{ADL}voided"}}, "no StatementRef"),
    ],
)
def test_what_says_nothing_here_is_refused_with_a_reason_that_names_nobody(changes, reason):
    said = refused(**changes)
    assert reason in said
    assert NAME not in said
    assert MAIL not in said


def test_an_address_and_its_hash_are_one_learner_who_is_kept_under_a_key_alone():
    whole = read(actor={"mbox": f"mailto:{MAIL}"}).interaction.learner
    hashed = read(
        actor={"mbox_sha1sum": "C6BF1FA5F2B4B75E6C4A7B8D6DE0B7E8F5B1B7A2"}
    ).interaction.learner
    assert whole.startswith("@mbox_sha1sum|")
    digest = whole.partition("|")[2]
    assert read(actor={"mbox_sha1sum": digest.upper()}).interaction.learner == whole != hashed
    assert read(actor={"openid": "https://ada.example"}).interaction.learner[0] == "@"


def test_a_statement_is_voided_by_its_id():
    said = read(verb={"id": f"{ADL}voided"}, object={"objectType": "StatementRef", "id": ID})
    assert said == Voiding(id=ID, voided=ID)


def test_without_a_time_of_its_own_it_is_when_it_was_stored_or_came():
    assert read(timestamp=None, stored="2026-05-04T11:30:00+02:00").interaction.time == 1777887000
    came = read_statement(STATEMENT | {"timestamp": None}, [], 7.0)
    assert (came.interaction.time, came.is_timed) == (7.0, False)


def test_an_outcome_is_named_by_its_page_here_or_by_the_uuid_that_case_gives_it():
    (thing, framed, *_) = read(
        object={"id": f"{SITE}outcomes/f2"},
        context={"contextActivities": {"grouping": {"id": f"https://case.example/items/{ID}"}}},
    ).about
    assert "f2" in thing.outcome
    assert "f2" not in thing.resource
    assert ID in framed.outcome


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@st.composite
def wild(draw):
    """A statement of which some parts, at some depth, are anything."""
    statement = json.loads(json.dumps(STATEMENT))
    for _ in range(draw(st.integers(1, 3))):
        at = statement
        key = draw(st.sampled_from(sorted(at)))
        while isinstance(at[key], dict) and at[key] and draw(st.booleans()):
            at, key = at[key], draw(st.sampled_from(sorted(at[key])))
        at[key] = draw(JSON)
    return statement


@given(JSON | wild(), st.none() | st.just(7.0))
def test_anything_is_read_or_refused_and_names_nobody(raw, now):
    try:
        said = read_statement(raw, [SITE], now)
    except RowError as error:
        assert NAME not in str(error)
    else:
        assert NAME not in repr(said)
        assert MAIL not in repr(said)
