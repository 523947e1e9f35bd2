import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.formats.protocol import ReadOptions, Refusal
from data.formats.table import Table
from data.records import Alignment, Outcome, Resource
from tests.spreadsheets import spreadsheet

CSV = "id,title,levels\nr1,Fractions,Year 1; Year 2\n"


@pytest.fixture
def read(tmp_path):
    def read(content, name="lessons.csv", **options):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        document = Table().open(file, ReadOptions(**options))
        (kind,) = document.kinds
        return [getattr(item, "record", item) for item in document.read(kind)]

    return read


FRACTIONS = Resource(id="r1", title="Fractions", levels=("Year 1", "Year 2"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV.encode()),
        ("a.csv", CSV.encode("utf-8-sig")),
        ("a.CSV", CSV.replace("\n", "\r\n").encode()),
        ("a.csv", b'id;title;levels\nr1;Fractions;"Year 1; Year 2"\n'),
        ("a.tsv", CSV.replace(",", "\t").encode()),
        ("a.csv.gz", gzip.compress(CSV.encode(), mtime=0)),
        ("a.jsonl", b'{"id": "r1", "title": " Fractions ", "levels": ["Year 1", "Year 2"]}'),
        ("a.ndjson", b'{"ID": "r1", "Name": "Fractions", "Grade": "Year 1;Year 2", "url": ""}\r\n'),
        ("a.xlsx", spreadsheet(["id", "title", "levels"], ["r1", "Fractions", "Year 1; Year 2"])),
    ],
)
def test_one_table_in_many_spellings(read, name, content):
    assert read(content, name) == [FRACTIONS]


def test_a_dataset_is_named_as_its_file(tmp_path):
    for name in ("my.lessons.csv", "my.lessons.jsonl.gz"):
        file = tmp_path / name
        content = CSV if name.endswith("csv") else '{"id": "r1", "title": "x"}'
        file.write_bytes(gzip.compress(content.encode()) if "gz" in name else content.encode())
        assert Table().open(file, ReadOptions()).dataset.name == "my.lessons"


def test_outcomes_are_read_with_their_types(read):
    (found,) = read("ID,Parent,Name,Position,Assignable,Note\no1,,Number,3,no,x\n", "national.csv")
    assert found == Outcome(
        id="o1",
        framework="national",
        title="Number",
        position=3,
        assignable=False,
        extra={"Note": "x"},
    )


def test_columns_kind_and_defaults_are_taken_from_the_caller(read):
    (found,) = read(
        "key,title,Heading,lang\no1,x,Number,\n",
        kind="outcomes",
        columns={"id": "key", "title": "Heading"},
        defaults={"language": "pt", "framework": "bncc", "levels": "1º ano;2º ano"},
    )
    assert found == Outcome(
        id="o1",
        framework="bncc",
        title="Number",
        language="pt",
        levels=("1º ano", "2º ano"),
        extra={"title (unused)": "x"},
    )


def test_a_bad_row_is_refused_with_its_line_and_the_rest_is_read(read):
    items = read('id,title\nr1,\nr2,"two\nlines"\n,x\nr4\nr5,five\n')
    assert [item.title for item in items if isinstance(item, Resource)] == ["two\nlines", "five"]
    assert [
        (item.line, item.reason.split(";")[0]) for item in items if isinstance(item, Refusal)
    ] == [
        (2, "title and description are both empty"),
        (5, "id is missing"),
        (6, "the row has 1 cells"),
    ]


def test_a_row_may_leave_its_title_empty_where_it_has_a_description(read):
    (found,) = read("id,title,description\nr2,,Cut a pizza in equal parts\n")
    assert found == Resource(id="r2", title="", description="Cut a pizza in equal parts")


def test_a_bad_first_row_of_jsonl_does_not_stop_the_others(read):
    rows = ["{", '{"id": "r0"}', *(f'{{"id": "r{n}", "title": "x"}}' for n in range(1, 30))]
    items = read("\n".join(rows), "a.jsonl")
    assert [item.line for item in items if isinstance(item, Refusal)] == [1, 2]
    assert len(items) == 31


def test_a_table_of_resources_has_no_alignments(tmp_path):
    (tmp_path / "a.csv").write_text(CSV)
    assert list(Table().open(tmp_path / "a.csv", ReadOptions()).read(Alignment)) == []


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        ("a.csv", b"", {}, "the file is empty; its first row must hold the headings"),
        ("a.jsonl", b"\n", {}, "the file is empty"),
        ("a.jsonl", b"[\n", {}, "a.jsonl:1: malformed JSON at column 2"),
        ("a.csv", b"id,Heading\n1,x\n", {}, "Name one with `--column title=Heading`"),
        ("a.jsonl", b'{"title": "x"}', {}, "Name one with `--column id=Heading`, or have ids made"),
        ("a.csv", b"What\nKites\n", {"make_ids": True}, "no column gives the title"),
        ("a.csv", b"t\xedtulo,id\n", {}, "a.csv:1: byte 0xED in cell 1 is not UTF-8"),
        ("a.csv", CSV.encode("utf-16"), {}, "a.csv:1: the file is UTF-16; save it as UTF-8"),
        (
            "a.csv",
            b"PK\x03\x04\x14\x00\xff",
            {},
            "a.csv:1: the file is a spreadsheet or an archive",
        ),
        ("a.csv", b"id,title,title\n", {}, "a.csv:1: the column `title` stands twice"),
        ("a.csv", CSV.encode(), {"kind": "learners"}, "has resources or outcomes; `learners` is"),
        ("a.csv", CSV.encode(), {"columns": {"title": "T"}}, "there is no column `T`"),
        ("a.csv", CSV.encode(), {"defaults": {"colour": "x"}}, "there is no field `colour`"),
        (
            "a.csv",
            CSV.encode(),
            {"defaults": {"language": "english"}},
            'a default does not fit: language is "english"',
        ),
        ("a.xlsx", CSV.encode(), {}, "a.xlsx:1: from here on this cannot be read as a spreadsheet"),
        ("a.xls", CSV.encode(), {}, "this is not a file whose name ends in .xlsx, .csv"),
    ],
)
def test_a_table_that_cannot_be_understood_is_an_error(read, name, content, options, message):
    with pytest.raises(GatewaysError) as caught:
        read(content, name, **options)
    assert message in str(caught.value)


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5)
ROW = st.dictionaries(st.sampled_from(["id", "title", "levels", "position", "x"]), JSON)


@given(
    content=st.binary(max_size=200)
    | st.lists(ROW).map(lambda rows: "\n".join(map(json.dumps, rows)).encode())
    | st.text(st.sampled_from('id,;title\t"\n\r1')).map(lambda text: b"id,title\n" + text.encode()),
    name=st.sampled_from(["a.csv", "a.jsonl", "a.csv.gz"]),
)
def test_any_bytes_are_rows_refusals_or_an_error_for_a_person(tmp_path_factory, content, name):
    file = tmp_path_factory.getbasetemp() / name
    file.write_bytes(content)
    try:
        document = Table().open(file, ReadOptions())
    except GatewaysError:
        return
    for item in document.read(Resource):
        assert isinstance(item, Refusal) or item.record.id


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_rows_without_an_id_are_given_one_where_that_is_asked_for(read, name):
    rows = {
        "a.csv": "id,title,url\nr1,Kites,\n,Kites,u1\n,Kites,u2\n,Kites,u1\n",
        "a.jsonl": '{"id": "r1", "title": "Kites"}\n{"title": "Kites", "url": "u1"}\n'
        '{"title": "Kites", "url": "u2"}\n{"title": "Kites", "url": "u1", "id": ""}\n',
    }
    first, second, third, again = read(rows[name], name, make_ids=True)
    assert first.id == "r1"
    assert second.id.startswith("row-")
    assert second == again
    assert second.id != third.id
    assert [isinstance(one, Refusal) for one in read(rows[name], name)] == [False, True, True, True]


def test_a_table_without_ids_has_the_same_ids_under_another_name(read):
    first, second = (read("title\nKites\n", name, make_ids=True) for name in ("a.csv", "b.csv"))
    assert first == second
