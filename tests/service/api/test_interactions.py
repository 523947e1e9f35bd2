import pytest

from data.catalogue import Catalogue


@pytest.fixture
def send(school):
    def post(body):
        return school.post("/v1/interactions", json=body)

    return post


def kept(settings, learner="l"):
    with Catalogue.open(settings.catalogue_url) as catalogue:
        return catalogue.interactions.of_learner(learner)


def test_one_interaction_is_the_whole_body(send, school_settings):
    said = {"learner": "l", "resource": "quiz-add", "event": "completed", "time": 5, "score": 0.5}
    answer = send(said)
    assert answer.status_code == 200
    assert answer.json() == {
        "items": [{"id": None, "fate": "kept", "reason": None}],
        "counts": {"kept": 1, "known": 0, "refused": 0},
        "next": None,
    }
    (found,) = kept(school_settings)
    assert (found.resource, found.event.value, found.time, found.score) == (
        "quiz-add",
        "completed",
        5.0,
        0.5,
    )


def test_many_interactions_have_a_fate_each(send, answered, school_settings):
    items = [
        answered(id="e1", time=3),
        answered(id="e2", time=1),
        answered(id="e1", time=2),
        answered(id="e3", outcome="no such outcome"),
        {"id": "e4", "learner": "l", "resource": "gone", "event": "viewed", "time": 1},
    ]
    answer = send({"items": items})
    assert answer.status_code == 200
    found = answer.json()
    assert [(one["id"], one["fate"]) for one in found["items"]] == [
        ("e1", "kept"),
        ("e2", "kept"),
        ("e1", "known"),
        ("e3", "refused"),
        ("e4", "refused"),
    ]
    assert found["counts"] == {"kept": 2, "known": 1, "refused": 2}
    assert "'no such outcome' is not in the catalogue" in found["items"][3]["reason"]
    assert "'gone' is not in the catalogue" in found["items"][4]["reason"]
    assert [one.time for one in kept(school_settings)] == [1.0, 3.0]


@pytest.mark.parametrize("id_", [None, "an-id"])
def test_the_same_again_is_known_and_changes_nothing(send, answered, school_settings, id_):
    body = answered() | ({"id": id_} if id_ else {})
    assert send(body).json()["items"][0]["fate"] == "kept"
    assert send(body).json()["items"][0]["fate"] == "known"
    assert len(kept(school_settings)) == 1


def test_an_event_of_the_same_id_is_known_whatever_it_says(send, answered):
    send(answered(id="e"))
    assert send(answered(id="e", outcome="divide")).json()["items"][0]["fate"] == "known"


def test_one_alone_that_is_refused_is_an_error_with_its_reason(send, answered):
    answer = send(answered(outcome="no such outcome"))
    assert answer.status_code == 422
    (item,) = answer.json()["items"]
    assert item["fate"] == "refused"
    assert "not in the catalogue" in item["reason"]


def test_a_name_is_refused_and_not_repeated(send, answered, school_settings):
    answer = send(answered(learner="Ada Lovelace"))
    assert answer.status_code == 422
    assert "GATEWAYS_LEARNER_KEY" in answer.text
    assert "Lovelace" not in answer.text
    assert kept(school_settings, "Ada Lovelace") == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"event": "slept through"}, "#/items/0/event"),
        ({"score": 1.5}, "#/items/0/score"),
        ({"score": "NaN"}, "#/items/0/score"),
        ({"time": -1}, "#/items/0/time"),
        ({"learner": ""}, "#/items/0/learner"),
        ({"mood": "good"}, "#/items/0/mood"),
        ({"item": "a\x00b"}, "#/items/0/item"),
    ],
)
def test_what_is_no_interaction_is_a_problem_that_points_at_it(
    send, answered, problem_in, change, pointer
):
    problem = problem_in(send(answered() | change), 422)
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


@pytest.mark.parametrize("body", [[], "l", {"items": []}, {"items": {}}, {}])
def test_what_has_no_interactions_is_a_problem(send, problem_in, body):
    problem_in(send(body), 422)


def test_a_bare_list_is_refused(send, answered, problem_in):
    problem = problem_in(send([answered()]), 422)
    assert "JSON object" in problem["detail"]


def test_what_is_not_json_is_malformed(school, problem_in):
    headers = {"Content-Type": "application/json"}
    answer = school.post("/v1/interactions", content=b"{", headers=headers)
    assert "not JSON" in problem_in(answer, 400)["detail"]


def test_more_than_a_thousand_at_once_are_refused_as_a_whole(send, answered, problem_in):
    problem_in(send({"items": [answered(time=n) for n in range(1001)]}), 422)
