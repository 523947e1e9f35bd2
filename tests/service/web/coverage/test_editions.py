"""The page of two editions, and what other pages say of them."""

import html
import json
import re
import threading

import pytest

from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions
from data.importing.importer import import_document
from models.edition.in_catalogue import carry_over, compare_editions
from service.web.coverage import compared
from tests.patience import PATIENCE

PAGE = "/coverage/editions?old=maths&new=maths-2030"


LATER = {
    "read-a-bar-chart": "Read and draw a bar chart",
    "find-equivalent-fractions": None,
    "measure-angles-with-a-protractor": "Fly kites on windy days in autumn",
}
ALIGNMENTS = """resource,outcome
chart,read-a-bar-chart
chart,describe-how-likely-an-event-is
"""


@pytest.fixture
def newer(catalogue, tmp_path):
    """A newer edition of maths: one outcome reworded, one gone, one put in another's place."""
    folder = tmp_path / "later"
    folder.mkdir()
    rows = [
        {
            "id": f"2030-{one.id}",
            "framework": "maths-2030",
            "parent": one.parent and f"2030-{one.parent}",
            "title": title,
            "language": "en",
            "position": one.position,
            "assignable": one.assignable,
        }
        for one in catalogue.outcomes.live("maths")
        if (title := LATER.get(one.id, one.title))
    ]
    (folder / "outcomes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "alignments.csv").write_text(ALIGNMENTS)
    import_document(catalogue, DatasetFolder().open(folder, ReadOptions()))
    return catalogue


def shown(client, path):
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200, response.text
    return html.unescape(response.text)


def chips(page):
    found = re.findall(r"kind=(\w+)\"[^>]*>.*?<span class=\"many\">(\d+)</span>", page)
    return {name: int(count) for name, count in found}


def test_each_kind_is_counted_and_listed_with_what_differs(newer, client):
    page = shown(client, PAGE)
    numbers = chips(page)
    assert (numbers["gone"], numbers["new"]) == (2, 1)
    assert numbers["changed"] == sum(numbers.values()) - numbers["unchanged"] - numbers["changed"]
    assert "Sure enough to be carried over." in shown(client, f"{PAGE}&kind=unchanged")
    assert "<ins>and draw</ins>" in re.sub(r"\s*(</?ins>)\s*", r"\1", shown(client, PAGE))
    gone = shown(client, f"{PAGE}&kind=gone")
    assert ("Find equivalent fractions" in gone, "Nothing follows it" in gone) == (True, True)


def test_what_was_carried_over_and_what_is_older_is_said(newer, client, minilm):
    found = compare_editions(newer, "maths", "maths-2030", minilm)
    done = carry_over(newer, found)
    page = shown(client, PAGE)
    assert "Carry over" not in page
    assert (f"{done.waiting} line" if done.waiting else "Nothing waits") in page
    assert "What has changed" in shown(client, "/frameworks/maths")
    follows = shown(client, "/outcomes/describe-how-likely-an-event-is")
    assert "/outcomes/2030-describe-how-likely-an-event-is" in follows
    assert "maths-2030" in shown(client, "/coverage/editions")
    status = client.get("/v1/status").json()
    assert {"framework": "maths", "newer": "maths-2030"} in status["index"]["newer_editions"]


def test_large_editions_are_compared_while_the_page_says_so(newer, client, monkeypatch):
    go_on = threading.Event()

    def slowly(*asked):
        go_on.wait(PATIENCE)
        return compare_editions(*asked)

    monkeypatch.setattr(compared, "compare_editions", slowly)
    monkeypatch.setattr(compared, "PATIENCE", 0.0)
    assert "being compared" in shown(client, PAGE)
    go_on.set()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/coverage/editions?old=maths&new=nothing", 404),
        ("/coverage/editions?old=maths&new=maths", 422),
        ("/coverage/editions?old=maths&new=science&kind=odd", 422),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_so(client, path, status):
    assert client.get(path, headers={"Accept": "text/html"}).status_code == status


def test_a_job_carries_over(newer, client, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "service.jobs.jobs.Jobs.start",
        lambda _, *about: asked.append(about) or type("Job", (), {"id": "j"}),
    )
    response = client.post("/coverage/editions", data={"old": "maths", "new": "maths-2030"})
    assert response.headers["location"] == "/administration/jobs/j"
    assert asked[0][:2] == ("carry", ("editions", "carry", "--", "maths", "maths-2030"))
