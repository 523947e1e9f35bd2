import json
import shutil

import pytest

from data.catalogue import Catalogue

ABLE, FRENCH = "l-46addc", "l-b583b6"


@pytest.fixture(scope="module")
def home(sample_home, tmp_path_factory):
    """A workspace with the sample catalogue; what is recommended to one is nothing to another."""
    return shutil.copytree(sample_home, tmp_path_factory.mktemp("learners") / "home")


@pytest.fixture
def recommend(run, home):
    def command(learner, *words):
        return run("recommend", "--learner", learner, *words, home=home)

    return command


def told(outcome):
    status, out, err = outcome
    assert status == 0, err
    return json.loads(out)


def fails(outcome, *words):
    status, out, err = outcome
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert all(word in err for word in words), err


def test_recommend_tells_steps_and_reasons_as_json_and_the_log_keeps_them(recommend, home):
    said = told(recommend(ABLE, "-k", 3, "--json"))
    assert len(said["items"]) == 3
    assert all(item["reason"] for item in said["items"])
    with Catalogue.open(f"sqlite:///{home / 'catalogue.sqlite'}") as catalogue:
        kept = catalogue.recommendations.of_learner(ABLE)
    (shown,) = [one.shown for one in kept if one.id == said["id"]]
    assert [line.resource for line in shown] == [item["resource"]["id"] for item in said["items"]]


def test_a_person_sees_titles_and_reasons(recommend, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    said = told(recommend(FRENCH, "-k", 2, "--json"))
    status, out, _ = recommend(FRENCH, "-k", 2)
    assert status == 0
    assert "arvelle-2023" in out
    assert said["reason_language"] == "fr"
    for item in said["items"]:
        assert item["resource"]["id"] in out
        assert item["reason"].split("»")[0].split("“")[0][:20] in out


def test_what_is_asked_for_is_what_is_told(recommend):
    words = ("--language", "es-MX", "--kind", "video", "--level", "Grade 5", "--json")
    said = told(recommend(ABLE, *words, "--framework", "saltmere-2024", "-k", 50))
    assert (said["level"], said["languages"], said["reason_language"]) == ("Grade 5", ["es"], "es")
    assert said["items"]
    assert {item["resource"]["kind"] for item in said["items"]} == {"video"}
    assert {item["resource"]["language"] for item in said["items"]} <= {"es", None}
    offline = told(recommend(ABLE, "--offline", "-k", 50, "--json"))["items"]
    assert {item["resource"]["downloadable"] for item in offline} == {True}


def test_a_goal_leads_there_by_what_it_builds_on(recommend):
    goal = "saltmere-equivalent-fractions"
    said = told(recommend("newcomer", "--goal", goal, "--json"))
    assert said["items"]
    assert {item["purpose"] for item in said["items"]} <= {"goal", "explore"}


def test_of_whom_nothing_is_recorded_it_is_said_and_the_curriculum_leads(recommend):
    for _ in range(2):  # that something was recommended to them says nothing of them
        status, out, err = recommend("nobody-yet", "--json")
        assert status == 0
        assert "Nothing is recorded of a learner 'nobody-yet'" in err
        assert json.loads(out)["known"] is False
        assert json.loads(out)["items"]
    status, out, err = recommend(ABLE, "--json")
    assert json.loads(out)["known"] is True
    assert err == ""


def test_where_nothing_fits_it_is_said_and_that_is_no_mistake(recommend):
    status, out, err = recommend(ABLE, "--kind", "hologram")
    assert (status, out) == (0, "")
    assert "Nothing to recommend (saltmere-2024" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--goal", "nothing"), "outcome 'nothing' is not in the catalogue"),
        (("--framework", "nothing"), "framework 'nothing' is not in the catalogue"),
        (("--level", "Grade 99"), "level 'Grade 99' is not in framework 'saltmere-2024', which"),
        (
            ("--level", "Année 3"),
            "level 'Année 3' is not in framework 'saltmere-2024', which has: Grade 3",
        ),
    ],
)
def test_what_is_not_there_is_said(recommend, words, says):
    fails(recommend(ABLE, *words), says)


def test_a_name_is_not_taken_for_a_pseudonym_unless_a_key_makes_one_of_it(
    recommend, home, monkeypatch
):
    fails(recommend("Ada Lovelace"), "looks like a name", "GATEWAYS_LEARNER_KEY")
    monkeypatch.setenv("GATEWAYS_LEARNER_KEY", "a long random text")
    assert told(recommend("Ada Lovelace", "--json"))["items"]
    assert b"Lovelace" not in (home / "catalogue.sqlite").read_bytes()
