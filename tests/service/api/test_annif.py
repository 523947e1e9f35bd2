"""What a client of Annif's interface sees, over the tiny catalogue."""

import shutil

import pytest

from data.records import Verdict
from data.settings import load_settings

TEXT = "The volcano erupts and lava flows."
ERUPT = "explain-how-volcanoes-erupt"
SHADOWS = "explain-how-shadows-change-with-the-light"


@pytest.fixture
def suggest(client):
    def send(**form):
        response = client.post("/v1/projects/science/suggest", data={"text": TEXT, **form})
        assert response.status_code == 200, response.text
        return response.json()["results"]

    return send


def test_each_framework_is_a_project(client):
    projects = client.get("/v1/projects").json()["projects"]
    assert [one["project_id"] for one in projects] == ["maths", "science"]
    one = client.get("/v1/projects/science").json()
    assert one == projects[1]
    assert one["is_trained"] is True
    assert one["backend"] == {"backend_id": "gateways"}
    assert {"name", "language", "vocab"} <= set(one)


def test_a_framework_that_is_not_indexed_is_not_trained(opened, settings, client):
    shutil.rmtree(settings.home / "snapshots")
    project = opened(settings).get("/v1/projects/science").json()
    assert project["is_trained"] is False


def test_a_text_gets_subjects_of_the_project(suggest, client):
    results = suggest(limit=3)
    assert len(results) == 3
    first = results[0]
    assert first["label"] == "Explain how volcanoes erupt"
    assert first["notation"] == "S1.2"
    assert client.get(first["uri"], headers={"accept": "text/html"}).status_code == 200
    scores = [one["score"] for one in results]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_limit_and_threshold_leave_out(suggest):
    everything = suggest(limit=1000)
    assert suggest(limit=0) == []
    least = everything[0]["score"]
    assert suggest(threshold=least, limit=1000) == [
        one for one in everything if one["score"] >= least
    ]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"text": TEXT, "limit": -1},
        {"text": TEXT, "threshold": 2},
    ],
)
def test_a_bad_form_is_a_bad_request(client, problem_in, form):
    assert problem_in(client.post("/v1/projects/science/suggest", data=form), 400)["detail"]


def test_labels_in_another_language_than_the_frameworks_cannot_be_had(
    opened, sample_home, tmp_path, problem_in
):
    shutil.copytree(sample_home, tmp_path / "sample")
    sample = opened(load_settings(home=tmp_path / "sample"))
    form = {"text": TEXT, "language": "fi"}
    problem = problem_in(sample.post("/v1/projects/arvelle-2023/suggest", data=form), 400)
    assert "in 'fr' only" in problem["detail"]
    form["language"] = "fr-CA"
    problem_in(sample.post("/v1/projects/arvelle-2023/suggest", data=form), 503)  # no index


def test_a_project_that_is_not_there_is_not_found(client, problem_in):
    problem_in(client.get("/v1/projects/none"), 404)
    problem_in(client.post("/v1/projects/none/suggest", data={"text": TEXT}), 404)


def test_a_batch_is_answered_in_its_order(client, suggest):
    documents = [{"text": TEXT, "document_id": "a"}, {"text": "Magnets attract iron."}]
    answer = client.post(
        "/v1/projects/science/suggest-batch", json={"documents": documents}, params={"limit": 1}
    ).json()
    assert [one["document_id"] for one in answer] == ["a", None]
    assert answer[0]["results"] == suggest(limit=1)
    assert answer[1]["results"][0]["label"] == "Explain how magnets attract iron"


def test_more_than_32_documents_are_too_many(client, problem_in):
    body = {"documents": [{"text": "a"}] * 33}
    problem_in(client.post("/v1/projects/science/suggest-batch", json=body), 400)


def test_what_is_learned_is_a_resource_that_was_accepted(client, catalogue, suggest):
    uri = next(one["uri"] for one in suggest(limit=1000) if one["uri"].endswith(SHADOWS))
    document = {"text": "A sundial\nIts shadow turns.", "subjects": [{"uri": uri}, {"uri": ERUPT}]}
    for _ in range(2):
        answer = client.post("/v1/projects/science/learn", json=[document, {"text": "no subjects"}])
        assert (answer.status_code, answer.content) == (204, b"")
    (made,) = [one for one in catalogue.resources.live() if one.id.startswith("text-")]
    assert (made.title, made.text) == ("A sundial", "Its shadow turns.")
    decisions = [one for one in catalogue.ledger.all() if one.resource == made.id]
    assert {(one.outcome, one.verdict, one.curator) for one in decisions} == {
        (SHADOWS, Verdict.ACCEPT, "annif"),
        (ERUPT, Verdict.ACCEPT, "annif"),
    }
    assert len(decisions) == 2
    assert len(catalogue.alignments.of_resource(made.id)) == 2


@pytest.mark.parametrize("uri", ["none", "science-earth-and-sky", "read-a-bar-chart"])
def test_a_subject_that_is_no_outcome_of_the_project_spoils_all(client, catalogue, uri, problem_in):
    documents = [
        {"text": text, "subjects": [{"uri": at}]} for text, at in [("a", ERUPT), ("b", uri)]
    ]
    problem = problem_in(client.post("/v1/projects/science/learn", json=documents), 400)
    assert problem["errors"][0]["pointer"] == "#/1/subjects/0/uri"
    assert not any(one.id.startswith("text-") for one in catalogue.resources.live())


def test_a_long_first_line_is_cut_for_the_title_and_kept_in_the_text(client, catalogue):
    text = "word " * 100
    body = [{"text": text, "subjects": [{"uri": ERUPT}]}]
    assert client.post("/v1/projects/science/learn", json=body).status_code == 204
    (made,) = [one for one in catalogue.resources.live() if one.id.startswith("text-")]
    assert made.title.endswith("word …")
    assert made.text == text.strip()
