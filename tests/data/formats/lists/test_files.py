"""A list as a table, a spreadsheet and a cartridge, each read back."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook

from data.formats.lists.cartridge import imscc_of
from data.formats.lists.lines import Line, Listed
from data.formats.lists.spreadsheet import xlsx_of
from data.formats.lists.table import Words, csv_of
from data.records import Outcome, Resource, ResourceList

CP = "{http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1}"
WL = "{http://www.imsglobal.org/xsd/imsccv1p3/imswl_v1p3}"
LOMR = "{http://ltsc.ieee.org/xsd/imsccv1p3/LOM/resource}"
COLUMNS = ["Place", "Title", "Address", "Kind", "Language", "Level", "Licence", "Outcomes", "Note"]
WORDS = Words(
    columns=COLUMNS, kind=lambda kind: (kind or "").title(), language=str.upper, is_rtl=True
)
HALVES = Outcome(id="f2", framework="f", code="N3.1", title="Halves", language="en")
PIZZA = Resource(
    id="r1",
    title="بيتزا & <half>",
    description="Cut\x0b it",
    kind="video",
    levels=("Year 3", "Year 4"),
    language="ar",
    license="CC-BY-4.0",
)
FORMULA = Resource(id="r2", title='=HYPERLINK("x")')


@pytest.fixture
def listed():
    kept = ResourceList(
        id="Zq", title="Week [3]: 分数", owner="Señora Ñ", note="For Ana", created=0.0, updated=0.0
    )
    lines = [
        Line(position=1, id="r2", resource=FORMULA, address="http://x/resources/r2", note="-1+2"),
        Line(position=2, id="gone", resource=None, address=""),
        Line(
            position=3,
            id="r1",
            resource=PIZZA,
            address="https://x/?a=1&b=2",
            outcomes=(HALVES,),
            note="before\nlunch",
        ),
    ]
    return Listed(list=kept, address="http://x/lists/Zq", lines=lines)


def test_a_table_has_a_row_for_each_resource_and_no_formula(listed):
    rows = list(csv.reader(io.StringIO(csv_of(listed, WORDS).decode(), newline="")))
    assert rows == [
        COLUMNS,
        ["1", '\'=HYPERLINK("x")', "http://x/resources/r2", "", "", "", "", "", "'-1+2"],
        ["2", "gone", "", "", "", "", "", "", ""],
        [
            *("3", "بيتزا & <half>", "https://x/?a=1&b=2", "Video", "AR", "Year 3; Year 4"),
            *("CC-BY-4.0", "N3.1 Halves", "before\nlunch"),
        ],
    ]


def test_a_spreadsheet_has_the_same_as_texts_and_addresses_that_can_be_followed(listed):
    book = load_workbook(io.BytesIO(xlsx_of(listed, WORDS)))
    sheet = book.active
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert found[0] == COLUMNS
    assert found[1][:3] == [1, '=HYPERLINK("x")', "http://x/resources/r2"]
    assert [cell.data_type for row in sheet.iter_rows(min_row=2, min_col=2) for cell in row].count(
        "f"
    ) == 0
    assert found[3][1] == "بيتزا & <half>"
    assert sheet["C4"].hyperlink.target == "https://x/?a=1&b=2"
    assert (sheet.title, sheet.sheet_view.rightToLeft) == ("Week  3   分数", True)
    assert (book.properties.title, book.properties.creator) == ("Week [3]: 分数", "Señora Ñ")


@pytest.mark.parametrize(("title", "name"), [("A\uffff\x01B", "AB"), ("hiSTORY ", "1"), ("?", "1")])
def test_a_spreadsheet_can_be_read_whatever_is_written_in_it(listed, title, name):
    line = Line(
        position=1,
        id="r2",
        resource=replace(FORMULA, title="Ha\ufffelves"),
        address="https://x/\x01a\uffff",
        note="\ufffe\x0bnow",
    )
    odd = Listed(list=replace(listed.list, title=title), address="http://x/lists/Zq", lines=[line])
    sheet = load_workbook(io.BytesIO(xlsx_of(odd, WORDS))).active
    assert sheet.title == name
    assert (sheet["B2"].value, sheet["I2"].value) == ("Halves", "now")
    assert sheet["C2"].hyperlink.target == sheet["C2"].value == "https://x/a"


def test_a_cartridge_has_a_web_link_for_each_resource_in_the_order_of_the_list(listed):
    content = imscc_of(listed)
    assert content == imscc_of(listed)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    manifest = fromstring(archive.read("imsmanifest.xml"))
    assert [child.tag for child in manifest] == [
        f"{CP}{name}" for name in ("metadata", "organizations", "resources")
    ]
    assert [one.text for one in manifest[0]][:2] == ["IMS Common Cartridge", "1.3.0"]
    items = manifest.findall(f".//{CP}item[@identifierref]")
    assert [one.find(f"{CP}title").text for one in items] == ['=HYPERLINK("x")', "بيتزا & <half>"]
    resources = {one.get("identifier"): one for one in manifest.iter(f"{CP}resource")}
    links = []
    for item in items:
        resource = resources.pop(item.get("identifierref"))
        assert (resource.get("type"), resource.get("href")) == ("imswl_xmlv1p3", None)
        (file,) = resource.findall(f"{CP}file")
        link = fromstring(archive.read(file.get("href")))
        assert [child.tag for child in link] == [f"{WL}title", f"{WL}url"]
        links.append(link.find(f"{WL}url").get("href"))
    assert links == ["http://x/resources/r2", "https://x/?a=1&b=2"]
    assert resources == {}
    ids = [one.get("identifier") for one in manifest.iter() if one.get("identifier")]
    assert len(ids) == len(set(ids))


def test_a_cartridge_says_licence_and_outcomes_of_a_resource(listed):
    archive = zipfile.ZipFile(io.BytesIO(imscc_of(listed)))
    manifest = fromstring(archive.read("imsmanifest.xml"))
    lom = manifest.findall(f".//{LOMR}lom")[-1]

    def texts(*path):
        found = lom.findall("/".join(f"{LOMR}{name}" for name in path))
        return [one.text for one in found]

    title = lom.find(f"{LOMR}general/{LOMR}title/{LOMR}string")
    assert (title.text, title.get("language")) == ("بيتزا & <half>", "ar")
    assert texts("general", "description", "string") == ["Cut it", "before\nlunch"]
    assert texts("rights", "description", "string") == [
        "CC-BY-4.0 (https://creativecommons.org/licenses/by/4.0/)"
    ]
    taxon = ("classification", "taxonPath", "taxon")
    assert texts("classification", "purpose", "value") == ["educational objective"]
    assert texts(*taxon, "id") + texts(*taxon, "entry", "string") == ["f2", "N3.1 Halves"]
