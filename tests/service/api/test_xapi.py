import json
from contextlib import closing
from sqlite3 import connect

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from data.catalogue import Catalogue
from data.catalogue.tables import LOCAL
from data.formats.protocol import ReadOptions
from data.formats.xapi.document import Xapi
from data.importing.importer import import_document
from data.records import Resource

HEADERS = {"X-Experience-API-Version": "1.0.3"}
KEY = "a key of sixteen or more"
NAME, MAIL = "Ada Lovelace", "ada@school.example"
ADL = "http://adlnet.gov/expapi/verbs/"
ID, OTHER = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2))


def said(verb="completed", **changes):
    return {
        "actor": {"account": {"homePage": "https://lms.example", "name": "l-17"}, "name": NAME},
        "verb": {"id": ADL + verb},
        "object": {"id": "quiz-add"},
        "timestamp": "2026-05-04T09:30:00Z",
        **changes,
    }


def voiding(voided, **changes):
    return said("voided", object={"objectType": "StatementRef", "id": voided}, **changes)


@pytest.fixture
def post(school):
    def send(body, **headers):
        return school.post("/xapi/statements", json=body, headers=HEADERS | headers)

    return send


@pytest.fixture
def put(school):
    def send(body, id_=ID):
        where = "/xapi/statements" + (f"?statementId={id_}" if id_ else "")
        return school.put(where, json=body, headers=HEADERS)

    return send


@pytest.fixture
def kept(school_settings):
    def found(learner="https://lms.example|l-17"):
        with Catalogue.open(school_settings.catalogue_url) as catalogue:
            return catalogue.interactions.of_learner(learner)

    return found


def test_the_version_is_told_and_asked_for(school, problem_in):
    about = school.get("/xapi/about")
    assert about.json() == {"version": ["1.0.3"]}
    assert about.headers["X-Experience-API-Version"] == "1.0.3"
    for spoken in ({}, {"X-Experience-API-Version": "0.9"}, {"X-Experience-API-Version": "2.0.0"}):
        answer = school.post("/xapi/statements", json=said(), headers=spoken)
        assert "1.0.3" in problem_in(answer, 400)["detail"]
        assert answer.headers["X-Experience-API-Version"] == "1.0.3"


def test_statements_are_kept_and_their_ids_told_in_their_order(post, kept):
    answer = post([said(id=OTHER), said("passed")])
    assert answer.status_code == 200
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    first, second = answer.json()
    assert first == OTHER != second
    assert {(one.resource, one.score) for one in kept()} == {("quiz-add", None), ("quiz-add", 1.0)}


def test_a_statement_is_put_under_its_id_and_again_without_harm(put, kept):
    assert [put(said()).status_code, put(said(id=ID)).status_code] == [204, 204]
    assert len(kept()) == 1


def test_the_same_id_with_another_content_is_a_conflict(put, post, kept, problem_in):
    put(said())
    for changes in ({"verb": {"id": f"{ADL}passed"}}, {"object": {"id": "jeu"}}):
        problem_in(put(said() | changes), 409)
        problem_in(post([said(id=OTHER), said(id=ID) | changes]), 409)
    assert len(kept()) == 1


def test_a_statement_without_a_time_is_when_it_came_and_the_same_again_still(put, kept):
    untimed = said() | {"timestamp": None}
    assert [put(untimed).status_code, put(untimed).status_code] == [204, 204]
    assert kept()[0].time > 1_780_000_000


def test_the_same_without_an_id_has_the_same_id_again(post, kept):
    assert post(said()).json() == post(said()).json()
    assert len(kept()) == 1


QUIZ = "https://lms.example/quiz"
IN_QUIZ = {
    "object": {"id": QUIZ},
    "context": {"contextActivities": {"parent": [{"id": "quiz-add"}]}},
}


def test_the_same_is_known_when_the_catalogue_has_changed(school, post, kept, school_settings):
    sent = [said(**IN_QUIZ, id=ID), said("passed", **IN_QUIZ)]
    first = post(sent).json()
    quiz = {"id": "quiz", "title": "Quiz", "url": QUIZ}
    assert school.post("/v1/resources", json=quiz).status_code == 201
    assert post(sent).json() == first
    with Catalogue.open(school_settings.catalogue_url) as catalogue:
        (school_,) = catalogue.datasets.all()
        for dataset, resource in ((school_.name, "quiz-add"), (LOCAL, "quiz")):
            with catalogue.intake(dataset) as intake, intake.batch() as batch:
                batch.retire(Resource, [(resource,)], 1.0)
        assert catalogue.resources.many(["quiz-add", "quiz"], live=True) == {}
    assert post(sent).json() == first
    assert [one.resource for one in kept()] == ["quiz-add", "quiz-add"]


def test_a_file_of_what_was_sent_says_nothing_new(post, kept, school_settings, tmp_path):
    id_ = post(said()).json()[0]
    path = tmp_path / "statements.json"
    path.write_text(json.dumps([said(), said("passed")]))
    with Catalogue.open(school_settings.catalogue_url) as catalogue:
        counts = import_document(catalogue, Xapi().open(path, ReadOptions())).counts
        assert (counts["interactions"].new, counts["interactions"].unchanged) == (1, 1)
    (passed,) = post(said("passed")).json()
    assert len(kept()) == 2
    assert post([voiding(id_), voiding(passed)]).status_code == 200
    assert kept() == []


def test_all_are_kept_or_none(post, kept, problem_in):
    # One service for all of them, since each takes longer to start than to answer.
    for bad, reason in (
        (said("liked"), "#/1: verb"),
        (said(object={"id": "https://elsewhere.example"}), "#/1/object: object"),
        (said(id=ID), "#/1/id: it is that of statement 0, too"),
        (said(actor={"mbox": f"mailto:{MAIL}"}), "GATEWAYS_LEARNER_KEY"),
        (voiding(OTHER), "cannot be withdrawn"),
        (7, "#/1: a statement is an object"),
    ):
        problem = problem_in(post([said(id=ID), bad]), 400)
        assert reason in problem["detail"]
        assert MAIL not in problem["detail"]
    assert kept() == []


def test_what_is_no_statement_is_a_problem(school, put, post, problem_in):
    problem_in(post([]), 400)
    problem_in(post([said()] * 1001), 400)
    problem_in(put([said()]), 400)
    problem_in(put(said(), id_=None), 400)
    problem_in(put(said(), id_="7"), 400)
    problem_in(put(said(id=OTHER)), 400)
    headers = HEADERS | {"Content-Type": "application/json"}
    for content in (b"{", b"\xff", b"[" * 100_000, b'{"id": NaN}'):
        problem_in(school.post("/xapi/statements", content=content, headers=headers), 400)
    headers = HEADERS | {"Content-Type": "multipart/mixed; boundary=x"}
    problem_in(school.post("/xapi/statements", content=b"--x--", headers=headers), 400)


def test_what_is_voided_counts_no_longer_and_stays_known(school, put, post, kept):
    put(said("passed"))
    mastery = "/v1/learners/https://lms.example|l-17/mastery?framework=school"
    before = school.get(mastery).json()
    assert post(voiding(ID)).status_code == 200
    assert kept() == []
    assert school.get(mastery).json() != before
    assert put(said("passed")).status_code == 204
    assert kept() == []
    assert put(voiding(ID), id_=OTHER).status_code == 204


def test_pages_of_ours_and_outcomes_are_understood(post, kept):
    body = [
        said(object={"id": "http://127.0.0.1/resources/quiz-add"}),
        said("answered", object={"id": "http://127.0.0.1/outcomes/divide"}),
        said(
            "answered",
            object={"id": "https://lms.example/q/1"},
            context={"contextActivities": {"other": [{"id": "http://127.0.0.1/outcomes/count"}]}},
        ),
    ]
    assert post(body).status_code == 200
    assert {(one.resource, one.item, one.outcomes) for one in kept()} == {
        ("quiz-add", None, ()),
        (None, "divide", ("divide",)),
        (None, "https://lms.example/q/1", ("count",)),
    }


@pytest.fixture
def keyed(opened, school_settings):
    return opened(school_settings.model_copy(update={"learner_key": SecretStr(KEY)}))


def rows_of(settings_):
    """All that is in the database, as one text."""
    with closing(connect(settings_.home / "catalogue.sqlite")) as database:
        return "\n".join(database.iterdump())


WILD = st.recursive(
    st.sampled_from([None, True, 0.5, NAME, MAIL, f"mailto:{MAIL}", "quiz-add", ID])
    | st.floats()
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
KEYS = ("id", "actor", "verb", "object", "result", "context", "timestamp", "authority", "stored")
CHANGES = st.dictionaries(
    st.sampled_from(KEYS), WILD | st.fixed_dictionaries({"id": WILD, "name": WILD}), max_size=3
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=25,
)
@given(body=WILD | CHANGES.map(lambda changes: said() | changes))
def test_whatever_is_sent_is_kept_or_refused_and_nobody_is_named(keyed, school_settings, body):
    content = json.dumps(body).encode()
    headers = HEADERS | {"Content-Type": "application/json"}
    answer = keyed.post("/xapi/statements", content=content, headers=headers)
    assert answer.status_code in (200, 400, 409)
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    found = rows_of(school_settings)
    assert NAME not in found
    assert MAIL not in found


def test_with_a_key_whoever_it_is_has_a_pseudonym(keyed, school_settings):
    for actor in (
        {"mbox": f"mailto:{MAIL}", "name": NAME},
        {"openid": "https://Ada.example"},
        {"account": {"homePage": "https://lms.example", "name": MAIL}},
    ):
        sent = keyed.post("/xapi/statements", json=said(actor=actor), headers=HEADERS)
        assert sent.status_code == 200
    found = rows_of(school_settings)
    assert found.count("'p-") == 3
    for part in (NAME, MAIL, "Ada.example"):
        assert part not in found


@pytest.fixture
def get(school):
    def ask(**query):
        return school.get("/xapi/statements", params=query, headers=HEADERS)

    return ask


@pytest.fixture
def ids(get):
    """The ids of the statements that a query finds, in their order."""

    def found(**query):
        answer = get(**query)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["statements"]]

    return found


def actor(name):
    return {"account": {"homePage": "https://lms.example", "name": name}}


def test_a_statement_is_given_back_as_far_as_it_is_kept(post, get):
    result = {"score": {"scaled": 0.5}, "duration": "PT1M", "response": "one half"}
    post(said("answered", id=ID, result=result))
    answer = get(statementId=ID)
    assert answer.headers["X-Experience-API-Consistent-Through"]
    assert answer.json() == {
        "id": ID,
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": "http://127.0.0.1:8000", "name": "https://lms.example|l-17"},
        },
        "verb": {"id": ADL + "answered"},
        "object": {"objectType": "Activity", "id": "http://127.0.0.1:8000/resources/quiz-add"},
        "result": {"score": {"scaled": 0.5}, "duration": "PT1M"},
        "timestamp": "2026-05-04T09:30:00Z",
        "version": "1.0.0",
    }
    assert get(statementId=OTHER).status_code == 404


def test_what_is_given_back_says_the_same_when_it_is_sent_again(post, get, kept):
    question = {"id": "https://lms.example/question/1"}
    about = {"contextActivities": {"parent": [{"id": "quiz-add"}], "grouping": [{"id": "add"}]}}
    post([said("failed", object=question, context=about, id=ID), said("viewed", id=OTHER)])
    before = {one.event: one for one in kept()}
    for one in get().json()["statements"]:
        one.pop("id")
        one["actor"] = actor("l-18")
        assert post(one).status_code == 200
    for one in kept("https://lms.example|l-18"):
        same = before[one.event]
        names = ("resource", "item", "outcomes", "time", "score")
        assert [getattr(one, name) for name in names] == [getattr(same, name) for name in names]


def test_statements_are_found_by_who_did_what_with_what_and_when(post, ids):
    post(said(id=ID))
    later = {"timestamp": "2026-06-01T00:00:00Z", "actor": actor("l-18")}
    post(said("passed", object={"id": "add"}, id=OTHER, **later))
    assert ids() == [OTHER, ID]
    assert ids(ascending="true") == [ID, OTHER]
    assert ids(agent=json.dumps(actor("l-17"))) == [ID]
    ours = {"account": {"homePage": "http://127.0.0.1:8000", "name": "https://lms.example|l-18"}}
    assert ids(agent=json.dumps(ours)) == [OTHER]
    assert ids(agent=json.dumps({"mbox": f"mailto:{MAIL}"})) == []
    assert ids(verb=f"{ADL}passed") == [OTHER]
    assert ids(verb=f"{ADL}dreamt") == []
    assert ids(activity="quiz-add") == ids(activity="http://127.0.0.1:8000/resources/quiz-add")
    assert ids(activity="quiz-add") == [ID]
    assert ids(activity="http://127.0.0.1:8000/outcomes/add") == [OTHER]
    assert ids(since="2026-05-04T09:30:00Z") == [OTHER]
    assert ids(until="2026-05-04T09:30:00Z") == [ID]


def test_an_activity_in_the_context_is_found_where_that_is_asked(post, ids):
    question = {"id": "https://lms.example/question/1"}
    about = {"contextActivities": {"parent": [{"id": "quiz-add"}], "grouping": [{"id": "add"}]}}
    post(said(object=question, context=about, id=ID))
    assert ids(activity=question["id"]) == [ID]
    for name in ("quiz-add", "add"):
        assert ids(activity=name) == []
        assert ids(activity=name, related_activities="true") == [ID]


def test_a_long_list_is_followed_to_its_end_while_more_comes(post, school, ids):
    sent = [f"00000000-0000-4000-8000-0000000001{number:02}" for number in range(5)]
    post([said(id=id_, timestamp=f"2026-05-04T09:3{n}:00Z") for n, id_ in enumerate(sent)])
    found, more = [], f"/xapi/statements?limit=2&verb={ADL}completed&ascending=true"
    while more:
        answer = school.get(more, headers=HEADERS).json()
        found += [one["id"] for one in answer["statements"]]
        more = answer["more"]
        if len(found) == 2:
            post(said("passed", id=ID))
    assert found == sent
    assert len(ids(limit="3")) == 3


def test_what_was_voided_is_found_by_its_id_alone(post, get, ids):
    post(said(id=ID))
    post(voiding(ID))
    assert ids() == []
    assert get(statementId=ID).status_code == 404
    assert get(voidedStatementId=ID).json()["id"] == ID


def test_what_did_not_come_as_a_statement_is_not_given_as_one(school, ids):
    done = {"learner": "l-1", "resource": "quiz-add", "time": 1e9, "event": "viewed", "id": ID}
    assert school.post("/v1/interactions", json={"items": [done]}).status_code == 200
    assert ids() == []


@pytest.mark.parametrize(
    "query",
    [
        {"statementId": "x"},
        {"statementId": ID, "voidedStatementId": OTHER},
        {"statementId": ID, "verb": ADL + "passed"},
        {"agent": "l-17"},
        {"agent": "{}"},
        {"since": "yesterday"},
        {"limit": "-1"},
        {"ascending": "yes"},
        {"format": "short"},
        {"attachments": "true"},
        {"registration": ID},
        {"verbs": ADL},
        {"cursor": "x"},
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(get, problem_in, query):
    problem_in(get(**query), 400)
