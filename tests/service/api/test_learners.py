"""What the API tells of learners, of a real catalogue, and what it forgets."""

import hashlib
import time
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from data.catalogue import Catalogue

YESTERDAY = time.time() - 86_400


@pytest.fixture
def does(school, answered):
    """Post answers of a learner to an outcome, one a second since yesterday."""

    def post(outcome, *scores, learner="l", **more):
        items = [
            answered(outcome, score, learner, YESTERDAY + place, **more)
            for place, score in enumerate(scores)
        ]
        answer = school.post("/v1/interactions", json={"items": items})
        assert answer.json()["counts"]["kept"] == len(items), answer.text

    return post


@pytest.fixture
def ask(school):
    """What is told of a learner: the answer's body."""

    def get(what, learner="l", **params):
        answer = school.get(f"/v1/learners/{learner}/{what}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return get


@pytest.fixture
def states(school):
    def post(outcome, can, voice="learner", learner="l", **more):
        body = {"outcome": outcome, "can": can, "voice": voice, **more}
        return school.post(f"/v1/learners/{learner}/statements", json=body)

    return post


def estimate(told, outcome):
    (found,) = (item for item in told["items"] if item["outcome"]["id"] == outcome)
    return found


def outcomes_in(told):
    return [item["outcome"]["id"] for item in told["items"]]


def test_a_newcomer_begins_where_the_curriculum_does(ask):
    told = ask("recommendations", level="Grade 3", k=1)
    (item,) = told["items"]
    assert item["outcome"]["id"] == "count"
    assert item["resource"]["id"] in ("video-count", "quiz-count")
    assert item["reason"] == "This is where the curriculum begins."
    assert (told["framework"], told["level"], told["next"]) == ("school", "Grade 3", None)


def test_what_is_done_changes_what_comes_next(ask, does):
    assert set(outcomes_in(ask("recommendations"))) == {"count"}
    does("count", *[1.0] * 6)
    assert "add" in outcomes_in(ask("recommendations"))
    assert "count" not in outcomes_in(ask("recommendations"))


def test_a_recommendation_is_kept_as_it_was_told(ask, school_settings):
    told = ask("recommendations", k=2)
    with Catalogue.open(school_settings.catalogue_url) as catalogue:
        (kept,) = catalogue.recommendations.of_learner("l")
    assert (kept.id, kept.policy) == (told["id"], told["policy"])
    assert [(line.resource, line.position, line.propensity) for line in kept.shown] == [
        (item["resource"]["id"], item["position"], item["propensity"]) for item in told["items"]
    ]


@pytest.mark.parametrize(
    ("params", "resources"),
    [
        ({"kind": "quiz"}, {"quiz-count"}),
        ({"offline": True}, {"quiz-count"}),
        ({"framework": "école"}, {"jeu"}),
        ({"language": "fr"}, {"jeu"}),
        ({"language": "fr-CA"}, {"jeu"}),
        ({"kind": "hologram"}, set()),
    ],
)
def test_what_is_asked_for_is_all_that_is_recommended(ask, params, resources):
    told = ask("recommendations", **params)
    assert {item["resource"]["id"] for item in told["items"]} == resources


def test_reasons_come_in_the_language_that_is_asked_for(ask):
    told = ask("recommendations", language="fr")
    assert told["reason_language"] == "fr"
    assert told["items"][0]["reason"] != ask("recommendations")["items"][0]["reason"]


def test_mastery_is_told_with_bounds_and_evidence(ask, does):
    does("count", 1.0, 1.0, 0.0)
    told = ask("mastery", level="Grade 3")
    assert outcomes_in(told) == ["count", "add", "multiply", "divide"]
    count = estimate(told, "count")
    assert count["evidence"]["answers"] == 3
    assert count["evidence"]["successes"] == 2
    assert count["low"] < count["mastery"] < count["high"]
    assert estimate(told, "divide")["evidence"] == {
        "answers": 0,
        "successes": 0,
        "latest": None,
    }


def test_events_that_come_late_tell_the_same_as_in_order(school, ask, answered):
    events = [answered("count", float(n % 3 > 0), "?", YESTERDAY + n) for n in range(8)]
    for learner, arriving in (("in-order", events), ("late", events[::2] + events[1::2])):
        for event in arriving:
            school.post("/v1/interactions", json=event | {"learner": learner})
            ask("mastery", learner)
    assert ask("mastery", "late")["items"] == ask("mastery", "in-order")["items"]


def test_the_way_to_a_goal_has_what_is_required_first(ask, states):
    assert outcomes_in(ask("path", goal="multiply")) == ["count", "add", "multiply"]
    assert outcomes_in(ask("path", goal="number"))[-1] == "divide"
    states("add", 1, "teacher")
    assert outcomes_in(ask("path", goal="multiply")) == ["multiply"]
    states("multiply", 1, "teacher")
    assert ask("path", goal="multiply")["reached"] is True


@pytest.mark.parametrize("can", [0, 1])
def test_a_placement_asks_at_most_ten_questions_each_once(ask, states, can):
    asked = []
    while (told := ask("placement"))["outcome"] is not None:
        assert (told["asked"], told["most"]) == (len(asked), 10)
        asked.append(told["outcome"]["id"])
        assert len(asked) <= 10
        assert states(asked[-1], can, "placement").status_code == 201
    assert len(set(asked)) == len(asked) > 0


def test_a_contested_estimate_moves_and_a_teachers_word_is_the_estimate(ask, does, states):
    does("count", *[1.0] * 6)
    before = estimate(ask("mastery"), "count")["mastery"]
    contested = states("count", 0, note="I guessed")
    assert contested.status_code == 201
    assert contested.json()["voice"] == "learner"
    assert "learner" not in contested.json()
    moved = estimate(ask("mastery"), "count")
    assert moved["mastery"] < before - 0.05
    states("count", 0.9, "teacher")
    does("count", *[0.0] * 4, item="again")
    stands = estimate(ask("mastery"), "count")
    assert stands["mastery"] == stands["low"] == stands["high"] == 0.9
    assert [(said["voice"], said["note"]) for said in stands["stated"]] == [
        ("learner", "I guessed"),
        ("teacher", ""),
    ]


def test_of_what_is_not_there_nothing_can_be_stated(states, problem_in):
    problem_in(states("nothing", 1), 404)
    problem_in(states("number", 1), 422)
    problem_in(states("count", 2), 422)
    problem_in(states("count", 1, "parent"), 422)


@pytest.mark.parametrize("what", ["recommendations", "path"])
def test_an_unknown_goal_is_not_found(school, problem_in, what):
    answer = school.get(f"/v1/learners/l/{what}", params={"goal": "nothing"})
    assert "outcome 'nothing'" in problem_in(answer, 404)["detail"]


@pytest.mark.parametrize("what", ["recommendations", "mastery", "placement"])
def test_an_unknown_level_is_a_problem_that_names_those_there_are(school, problem_in, what):
    answer = school.get(f"/v1/learners/l/{what}", params={"level": "Grade 9"})
    assert "Grade 3, Grade 4, Grade 5" in problem_in(answer, 422)["detail"]


@pytest.mark.parametrize("what", ["recommendations", "mastery", "placement", "path"])
def test_a_level_of_another_curriculum_is_a_problem_too(school, does, problem_in, what):
    does("compter", 1.0)
    answer = school.get(f"/v1/learners/l/{what}", params={"level": "Grade 4", "goal": "compter"})
    assert "'école', which has: none" in problem_in(answer, 422)["detail"]


@pytest.mark.parametrize("what", ["recommendations", "mastery", "placement", "path"])
def test_a_damaged_model_is_no_fault_of_who_asks(school, school_settings, problem_in, what):
    (school_settings.home / "learner.json").write_text("{", encoding="utf-8")
    answer = school.get(f"/v1/learners/l/{what}", params={"goal": "count"})
    detail = problem_in(answer, 503)["detail"]
    assert detail.startswith(f"{school_settings.home / 'learner.json'}: no learner model")
    assert detail.endswith("run `gateways train learner`")
    assert answer.headers["retry-after"]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"framework": "nothing"}, 404),
        ({"k": 0}, 422),
        ({"k": 51}, 422),
        ({"language": "no tag at all"}, 422),
        ({"offline": "perhaps"}, 422),
    ],
)
def test_what_cannot_be_asked_is_a_problem(school, problem_in, params, status):
    problem_in(school.get("/v1/learners/l/recommendations", params=params), status)


def test_a_path_needs_a_goal(school, problem_in):
    problem = problem_in(school.get("/v1/learners/l/path"), 422)
    assert problem["errors"][0]["pointer"] == "?goal"


def test_an_export_is_all_that_is_kept(school, ask, does, states):
    does("count", 1.0, 0.0)
    states("add", 1)
    told = ask("recommendations")
    does("count", 1.0, learner="other")
    found = ask("export")
    assert found["learner"] == "l"
    assert [one["score"] for one in found["interactions"]] == [1.0, 0.0]
    assert [one["outcome"] for one in found["statements"]] == ["add"]
    assert [one["id"] for one in found["recommendations"]] == [told["id"]]
    assert all(one["learner"] == "l" for one in found["interactions"])


def test_of_whom_nothing_is_kept_there_is_nothing_to_export(school, problem_in):
    problem_in(school.get("/v1/learners/nobody/export"), 404)


def database(settings):
    return b"".join(file.read_bytes() for file in sorted(settings.home.glob("catalogue*")))


def test_erased_means_erased(school, ask, does, states, school_settings, caplog, problem_in):
    caplog.set_level("INFO")
    name = "learner-to-be-erased"
    newcomer = ask("mastery", "somebody-else", level="Grade 3")["items"]
    does("count", *[1.0] * 6, learner=name)
    states("divide", 1, "teacher", name, note="a word about them")
    ask("recommendations", name)
    ask("placement", name)
    assert estimate(ask("mastery", name), "count")["mastered"]

    assert school.delete(f"/v1/learners/{name}").status_code == 204
    stored = database(school_settings)
    assert name.encode() not in stored
    assert b"a word about them" not in stored
    problem_in(school.get(f"/v1/learners/{name}/export"), 404)
    assert ask("mastery", name, level="Grade 3")["items"] == newcomer
    assert outcomes_in(ask("recommendations", name, k=1)) == ["count"]
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert "/v1/learners/{learner" in " ".join(one.getMessage() for one in ours)
    assert not [one for one in ours if name in f"{one.getMessage()} {one.args} {one.exc_info}"]


def test_an_erasure_is_told_of_without_the_pseudonym(school, does):
    does("count", 1.0, 0.0)
    began = time.time()
    school.delete("/v1/learners/l")
    school.delete("/v1/learners/nobody")
    items = school.get("/v1/erasures").json()["items"]
    assert [one["counts"]["interactions"] for one in items] == [0, 2]
    assert items[1]["pseudonym_hash"] == hashlib.sha256(b"gateways erasure\0l").hexdigest()
    assert items[1]["agent"] == "api"
    assert items[1]["time"] >= began


def test_what_comes_late_for_an_erased_learner_is_refused(school, does, answered):
    does("count", 1.0)
    school.delete("/v1/learners/l")
    late = school.post("/v1/interactions", json=answered("count", time=YESTERDAY))
    assert late.status_code == 422
    assert "the learner was erased on" in late.json()["items"][0]["reason"]
    later = school.post("/v1/interactions", json=answered("count", time=time.time() + 1))
    assert later.json()["counts"]["kept"] == 1


def test_with_a_key_only_a_hash_is_kept_and_everything_works(opened, school_settings, answered):
    keyed = school_settings.model_copy(update={"learner_key": SecretStr("a long random text")})
    school = opened(keyed)
    name = "Ada Lovelace"
    items = [answered("count", 1.0, name, YESTERDAY + n) for n in range(6)]
    sent = school.post("/v1/interactions", json={"items": items})
    assert sent.json()["counts"]["kept"] == 6
    told = school.get(f"/v1/learners/{name}/recommendations").json()
    assert "add" in outcomes_in(told)
    stated = school.post(f"/v1/learners/{name}/statements", json={"outcome": "add", "can": 1})
    assert stated.status_code == 201
    exported = school.get(f"/v1/learners/{name}/export").json()
    assert (len(exported["interactions"]), len(exported["statements"])) == (6, 1)
    assert exported["learner"].startswith("p-")
    stored = database(keyed)
    assert b"Lovelace" not in stored
    assert exported["learner"].encode() in stored
    assert school.delete(f"/v1/learners/{name}").status_code == 204
    assert exported["learner"].encode() not in database(keyed)


@pytest.mark.parametrize("name", ["https://lrs.example/agents/7", "é?#&+", "a/export"])
def test_whatever_is_taken_as_a_pseudonym_can_be_asked_about_and_erased(
    school, answered, problem_in, name
):
    there = f"/v1/learners/{quote(name, safe='')}"
    sent = school.post("/v1/interactions", json=answered(learner=name))
    assert sent.json()["counts"]["kept"] == 1
    assert school.get(f"{there}/recommendations").status_code == 200
    assert school.get(f"{there}/export").json()["learner"] == name
    assert school.delete(there).status_code == 204
    problem_in(school.get(f"{there}/export"), 404)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/learners/secret-l/mastery",
        "/v1/%6Cearners/secret-l/mastery",
        "/v1/learners/secret-l/recommendations?k=0",
        "/v1/learners/secret-l/no-such-thing",
        "/learners/secret-l",
        "/%6Cearners/secret-l",
    ],
)
def test_the_log_has_no_pseudonym_in_it(school, caplog, path):
    caplog.set_level("INFO", "service")
    school.get(path)
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("service")]
    assert ours
    assert not [line for line in ours if "secret-l" in line]
