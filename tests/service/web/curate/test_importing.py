"""Import by dropping a file, as a browser without scripts does it."""

import html
import json
import re

import pytest

from service.jobs.jobs import Jobs
from tests.patience import until
from tests.spreadsheets import spreadsheet

TABLE = b"Identifier,Name,Lang\nm-1,Measuring,en\n,No id,en\nm-2,Le cycle de l'eau,fr\n"


def drop(client, content=TABLE, name="lessons.csv"):
    return client.post("/curate/import", files={"file": (name, content)})


def wait_for(settings, answer):
    jobs = Jobs(settings.home)
    id_ = answer.headers["location"].rpartition("/")[2]
    until(lambda: not jobs.get(id_).is_running, lambda: jobs.tail(id_))
    return jobs.get(id_)


def test_a_file_is_looked_at_before_anything_is_kept(client, catalogue):
    there = drop(client).headers["location"]
    page = client.get(there).text
    assert "2 new, 0 changed, 0 as they are" in page
    assert "1 refused" in page
    assert "Line 3" in page
    assert "id is missing" in page
    assert "Le cycle de l&#39;eau" in page
    assert catalogue.resources.get("m-1") is None


def test_rows_that_are_refused_are_not_among_those_that_would_be_kept(client):
    page = client.get(drop(client, TABLE + b"m-1,Weighing,en\n").headers["location"]).text
    assert "repeats line 2" in page
    assert "Measuring" in page
    assert "Weighing" not in page


def test_whoever_sent_a_file_that_cannot_be_read_finds_its_name_and_the_way_back(client):
    there = drop(client, b"PK\x03\x04\xff").headers["location"]
    page = client.get(there, headers={"accept": "text/html"}).text
    assert re.search(r">lessons\.csv:1: the file is a spreadsheet", page)
    assert '<a href="/curate">Curate</a> · <a href="/">' in page


def test_a_curriculum_as_case_is_looked_at_by_its_name_and_imported_as_a_job(
    client, catalogue, settings
):
    node = {"identifier": "b0000000-0000-0000-0000-000000000001", "fullStatement": "Count to ten"}
    named = {"identifier": "b0000000-0000-0000-0000-000000000000", "title": "Numbers of Arvelle"}
    package = {"CFDocument": named, "CFItems": [node, {"fullStatement": "Nobody's"}]}
    there = drop(client, json.dumps(package).encode(), "board.json").headers["location"]
    page = client.get(there).text
    assert "Numbers of Arvelle" in page
    assert "Outcomes: <strong>1 new" in page
    assert "1 refused" in page
    assert catalogue.frameworks.get(named["identifier"]) is None
    assert wait_for(settings, client.post(there)).arguments[0] == "import"
    assert catalogue.outcomes.get(node["identifier"]).title == "Count to ten"
    assert (
        client.get(drop(client, b'{"CFDocument": []}', "x.json").headers["location"])
        .json()["detail"]
        .startswith("x.json: ")
    )


def test_a_file_that_takes_long_to_try_out_is_not_while_others_wait(client, catalogue, monkeypatch):
    monkeypatch.setattr("service.web.curate.rehearsing.LONGEST", -1)
    page = client.get(drop(client).headers["location"]).text
    assert "too long to be tried out here, so only its first rows were looked at" in page
    assert "Le cycle de l&#39;eau" in page
    assert "Import it" in page
    assert catalogue.datasets.get("lessons") is None


@pytest.mark.slow
def test_an_import_is_a_job_whose_rows_are_in_the_catalogue_at_its_end(client, catalogue, settings):
    there = drop(client).headers["location"]
    started = client.post(there, data={"kind": "resources"})
    job = wait_for(settings, started)
    assert job.state == "finished"
    assert "What waits for a decision" in client.get(started.headers["location"]).text
    assert catalogue.resources.get("m-2").language == "fr"
    assert job.id in client.get("/curate/import").text


def test_columns_are_chosen_where_their_names_say_nothing(client):
    there = drop(client, b"Nr,What\n1,Kites\n").headers["location"]
    page = client.get(there).text
    assert "A column is missing" in page
    assert "a column of ids and one of titles" in page
    assert "Import it" not in page
    chosen = {"column.id": "Nr", "column.title": "What", "kind": "resources", "preview": "1"}
    answer = client.post(there, data=chosen)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "1 new" in page
    assert re.search(r"<option selected>Nr</option>", page)


@pytest.mark.slow
def test_ids_are_made_where_no_column_has_them(client, catalogue, settings):
    table = b"What,Link\nKites,https://a.example/1\nKites,https://a.example/2\n"
    there = drop(client, table).headers["location"]
    page = client.get(there, params={"column.title": "What"}).text
    assert "No column holds the ids" in page
    assert "Import it" not in page
    offered = html.unescape(re.search(r'href="([^"]+)">Make ids<', page)[1])
    page = client.get(offered).text
    assert "2 new" in page
    assert 'name="make_ids" value="1" checked' in page
    shown = set(re.findall(r"<bdi>(row-[0-9a-f]{16})</bdi>", page))
    sent = {"column.title": "What", "make_ids": "1"}
    assert wait_for(settings, client.post(there, data=sent)).state == "finished"
    assert len(shown) == 2
    assert {catalogue.resources.get(id_).title for id_ in shown} == {"Kites"}
    again = drop(client, table).headers["location"]
    assert "2 as they are" in client.get(again, params=sent).text


def test_values_are_given_where_rows_have_none(client):
    there = drop(client, b"id,title\no1,Count\n").headers["location"]
    page = client.get(there, params={"kind": "outcomes", "framework": "new", "language": "en"}).text
    assert "1 new" in page
    assert '<tr lang="en">' in page


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("lessons.exe", b"id,title", "a file whose name ends in"),
        ("lessons.ods", b"PK\x03\x04", "a spreadsheet saves one as XLSX or CSV UTF-8"),
        ("../../passwd", b"id,title", "a file whose name ends in"),
        ("", b"", "which file"),
    ],
)
def test_what_is_no_table_is_refused_with_what_is_expected(client, name, content, says):
    answer = drop(client, content, name)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\xff\xfe", b'id,title\n"open'])
def test_a_file_that_cannot_be_read_is_a_clear_problem_or_all_refused(client, content):
    there = drop(client, content).headers["location"]
    answer = client.get(there)
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert "lessons.csv" in answer.json()["detail"]


def test_a_name_that_leads_elsewhere_stays_below_the_uploads(client, settings):
    drop(client, name="..\\..\\..\\evil/../x y.csv")
    kept = list((settings.home / "uploads").glob("*/*"))
    assert [file.name for file in kept] == ["x-y.csv"]


@pytest.mark.parametrize("token", ["0" * 16, "..%2f..%2fetc", "x"])
def test_a_file_that_is_not_there_is_not_found(client, token):
    assert client.get(f"/curate/import/{token}").status_code == 404


def test_a_file_may_be_larger_than_other_bodies_but_not_without_end(opened, settings):
    small = opened(settings.model_copy(update={"max_upload": 300_000}))
    rows = b"".join(b"r%d,Title %d\n" % (n, n) for n in range(12_000))
    assert len(rows) > 4 * settings.max_text
    assert drop(small, b"id,title\n" + rows).status_code == 303
    assert drop(small, b"id,title\n" + 3 * rows).status_code == 413


def test_an_unknown_kind_is_refused(client):
    there = drop(client).headers["location"]
    assert client.get(there, params={"kind": "recipes"}).status_code == 422


def test_a_spreadsheet_is_looked_at_and_imported_as_it_is(client, catalogue, settings):
    rows = (["Identifier", "Name", "Grade"], [7, "Measuring", 5], ["m-2", "Le cycle de l'eau"])
    there = drop(client, spreadsheet(*rows), "lessons.xlsx").headers["location"]
    page = client.get(there).text
    assert "2 new, 0 changed, 0 as they are" in page
    assert "Measuring" in page
    job = wait_for(settings, client.post(there))
    assert job.status == 0
    assert catalogue.resources.get("7").levels == ("5",)
