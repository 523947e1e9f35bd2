"""A list is taken along as a table, a spreadsheet and a cartridge."""

import csv
import io
import re
import zipfile

import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook

from data.records import Resource


@pytest.fixture
def where(client):
    """The address of a list of two resources."""
    client.post("/preferences", data={"name": "Señora Ñ"})
    made = client.post("/lists", data={"title": "Fire & 火", "resource": "volcano"})
    where = made.headers["location"]
    client.post("/lists/add", data={"list": where.removeprefix("/lists/"), "resource": "moon"})
    client.post(where, data={"noted": "volcano", "note": "=1+1"})
    return where


def test_the_page_offers_what_there_is_once_something_is_on_the_list(client, where):
    offered = re.findall(r'href="([^"]+)" download', client.get(where).text)
    assert offered == [f"{where}.csv", f"{where}.xlsx", f"{where}.imscc"]
    for path in offered:
        assert client.get(path).status_code == 200
    client.post(where, data={"removed": "volcano"})
    client.post(where, data={"removed": "moon"})
    assert "download" not in client.get(where).text


def test_a_table_is_in_the_readers_language_and_its_name_is_the_lists(client, where):
    answer = client.get(f"{where}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "filename*=UTF-8''Fire%20%26%20%E7%81%AB.csv" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert rows[0][:4] == ["Position", "Title", "Address", "Kind"]
    assert rows[1][:5] == [
        "1",
        "Inside a volcano",
        "http://127.0.0.1/resources/volcano",
        "Video",
        "English",
    ]
    assert rows[1][-2].endswith("Explain how volcanoes erupt")
    assert rows[1][-1] == "'=1+1"
    assert [row[1] for row in rows[1:]] == ["Inside a volcano", "Moon diary"]


def test_a_spreadsheet_and_a_cartridge_hold_the_list(client, where):
    sheet = load_workbook(io.BytesIO(client.get(f"{where}.xlsx").content)).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [
        "Inside a volcano",
        "Moon diary",
    ]
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{where}.imscc").content))
    assert archive.namelist() == ["imsmanifest.xml", "links/1.xml", "links/2.xml"]
    link = fromstring(archive.read("links/2.xml"))
    assert link[1].get("href") == "http://127.0.0.1/resources/moon"


def test_what_was_retired_is_said_to_be_gone_and_is_in_no_cartridge(client, where, catalogue):
    with catalogue.intake("tiny") as intake, intake.batch() as batch:
        batch.retire(Resource, [("moon",)], 1.0)
    assert "not in the catalogue any more" in client.get(where).text
    rows = list(csv.reader(io.StringIO(client.get(f"{where}.csv").text, newline="")))
    assert rows[2] == ["2", "moon", *[""] * 7]
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{where}.imscc").content))
    assert archive.namelist() == ["imsmanifest.xml", "links/1.xml"]


def test_a_list_that_is_not_there_has_no_files(client):
    for ending in ("csv", "xlsx", "imscc"):
        assert client.get(f"/lists/none.{ending}").status_code == 404
