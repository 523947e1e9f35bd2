"""Deciding on a crosswalk as a browser without scripts does."""

import re
from dataclasses import replace

import pytest

from data.records import CorrespondenceDecision, Match, Verdict
from service.jobs.jobs import Jobs

PART = {"hx-request": "true"}
BAR, MEAN = "read-a-bar-chart", "calculate-the-mean-of-a-set-of-numbers"
CIRCUIT, MOON = "build-a-simple-electric-circuit", "explain-why-the-moon-has-phases"
HERE = "/curate/crosswalk/maths/science"


@pytest.fixture
def curator(client, crosswalk):
    """Pages as Amina gets them."""

    class Curator:
        def __init__(self):
            self.headers = {"cookie": "name=Amina"}

        def get(self, path, **headers):
            return client.get(path, headers=self.headers | headers, follow_redirects=True)

        def send(self, headers=None, **fields):
            fields = {"framework": "maths", "other": "science", "outcome": BAR} | fields
            more = self.headers | (headers or {})
            return client.post("/curate/crosswalk/decisions", data=fields, headers=more)

    return Curator()


def stated(catalogue):
    return [(one.outcome, one.other, one.match.value) for one in catalogue.correspondences.live()]


def titles(page):
    return re.findall(r'<section class="card proposal open"[^>]*aria-label="([^"]+)"', page)


def test_what_waits_between_two_curricula_is_counted_and_leads_to_the_surest(curator):
    assert 'href="/curate/crosswalk"' in curator.get("/curate").text
    page = curator.get("/curate/crosswalk").text
    assert "3 proposals wait for a decision" in page
    assert f'href="{HERE}"' in page
    answer = curator.get(HERE)
    assert str(answer.url).endswith(f"{HERE}?outcome={BAR}")
    assert titles(answer.text) == [
        "Build a simple electric circuit",
        "Explain why the Moon has phases",
    ]
    for said in ("Very likely, 90%", "M2.0", "Data", "Year 4", "Accept as the same"):
        assert said in answer.text


def test_a_line_is_accepted_as_what_the_curator_says_and_the_rest_of_the_outcome_comes_next(
    curator, catalogue
):
    answer = curator.send(accept=f"broader {CIRCUIT}", note=" so far ")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{HERE}?outcome={BAR}&decided=1"
    assert stated(catalogue) == [(BAR, CIRCUIT, "broader")]
    (kept,) = catalogue.crosswalks.page().items
    assert (kept.curator, kept.note, kept.verdict) == ("Amina", "so far", Verdict.ACCEPT)
    page = curator.get(answer.headers["location"]).text
    assert titles(page) == ["Explain why the Moon has phases"]
    assert "Accepted · broader" in page
    assert "2 proposals wait" in page
    answer = curator.send(reject=f"exact {MOON}")
    assert f"outcome={MEAN}" in answer.headers["location"]
    answer = curator.send(outcome=MEAN, defer=f"exact {MOON}")
    assert answer.headers["location"] == f"{HERE}/standing"


def test_an_undone_decision_leads_back_to_its_outcome(curator, catalogue):
    curator.send(accept=f"exact {CIRCUIT}")
    curator.send(reject=f"exact {MOON}")
    answer = curator.send(undo="1")
    assert answer.headers["location"] == f"{HERE}?outcome={BAR}"
    assert stated(catalogue) == []
    assert titles(curator.get(answer.headers["location"]).text) == [
        "Build a simple electric circuit"
    ]


def test_a_script_gets_the_next_part_with_its_address_and_is_led_away_at_the_end(curator):
    answer = curator.send(PART, reject=f"exact {CIRCUIT}")
    assert answer.text.lstrip().startswith('<div id="work"')
    assert answer.headers["hx-push-url"] == f"{HERE}?outcome={BAR}&decided=1"
    curator.send(PART, reject=f"exact {MOON}")
    answer = curator.send(PART, outcome=MEAN, reject=f"exact {MOON}")
    assert answer.headers["hx-redirect"] == f"{HERE}/standing"


def test_what_was_decided_from_the_other_side_is_told_from_this_one(curator, catalogue):
    catalogue.crosswalks.decide(
        CorrespondenceDecision(
            outcome=CIRCUIT,
            other=BAR,
            match=Match.BROADER,
            verdict=Verdict.ACCEPT,
            curator="ben",
            time=1.0,
        )
    )
    assert "Accepted · narrower" in curator.get(f"{HERE}?outcome={BAR}").text


def test_what_stands_is_a_table_with_files_to_take_along(curator, client):
    assert "Nothing is kept between these two yet." in curator.get(f"{HERE}/standing").text
    curator.send(accept=f"narrower {CIRCUIT}")
    page = curator.get(f"{HERE}/standing").text
    for said in (
        "1 kept correspondence",
        "2 proposals wait",
        "<td>narrower</td>",
        "<bdi>Amina</bdi>",
    ):
        assert said in page
    for file in re.findall(r'href="(/v1/crosswalks/[^"]+)"', page):
        assert client.get(file).status_code == 200
    assert "1 the other way round" in curator.get("/curate/crosswalk/science/maths/standing").text


def test_what_cannot_be_decided_is_refused(curator, catalogue):
    for fields, status in (
        ({"accept": f"exact {BAR}"}, 422),
        ({"accept": f"alike {CIRCUIT}"}, 422),
        ({"accept": "exact nothing"}, 404),
        ({"accept": f"exact {CIRCUIT}", "other": "none"}, 404),
        ({"undo": "1"}, 404),
        ({"undo": "last"}, 422),
        ({}, 422),
    ):
        assert curator.send(**fields).status_code == status, fields
    assert catalogue.crosswalks.page().items == []
    assert curator.get(f"{HERE}?outcome={MOON}").status_code == 404
    assert curator.get("/curate/crosswalk/maths/none").status_code == 404


def test_a_job_compares_two_curricula_that_differ(client, settings):
    compared = {"framework": "science", "other": "maths"}
    assert client.post("/curate/crosswalk", data=compared | {"other": "science"}).status_code == 422
    answer = client.post("/curate/crosswalk", data=compared)
    (job,) = Jobs(settings.home).all("crosswalk")
    assert answer.headers["location"] == f"/administration/jobs/{job.id}"
    assert job.arguments == ("crosswalk", "--queue", "--", "science", "maths")
    assert f"/administration/jobs/{job.id}" in client.get("/curate/crosswalk").text
    Jobs(settings.home).cancel(job.id, "Amina")


def test_what_is_broader_than_what_is_said_before_it_is_accepted(curator, catalogue):
    (line, *_) = catalogue.crosswalks.proposed(BAR, "science")
    for match, said in (
        (Match.BROADER, "Build a simple electric circuit takes in more than Read a bar chart"),
        (Match.NARROWER, "Read a bar chart takes in more than Build a simple electric circuit"),
    ):
        catalogue.crosswalks.propose([replace(line, match=match)])
        page = curator.get(f"{HERE}?outcome={BAR}").text
        assert said in " ".join(re.sub(r"<[^>]+>", "", page).split())
