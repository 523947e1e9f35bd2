import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.formats.csv_rows import csv_objects, csv_rows
from data.formats.protocol import Refusal

LIMIT = 1_000


@pytest.fixture
def read(tmp_path):
    def read(content, limit=LIMIT, delimiter=","):
        file = tmp_path / "rows.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(csv_rows(file, limit, delimiter))

    return read


@pytest.fixture
def read_objects(tmp_path):
    def read_objects(content, required=()):
        file = tmp_path / "rows.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(csv_objects(file, LIMIT, required))

    return read_objects


def faults(items):
    return [(item.line, item.reason) for item in items if isinstance(item, Refusal)]


def rows(items):
    return [item for item in items if not isinstance(item, Refusal)]


def test_a_row_stands_on_the_line_on_which_it_starts(read):
    items = read('a,b\r\n"one\r\ntwo\nthree",2\r\n\r\n,\r\nx,"y ""z"""\r\n')
    assert items == [
        (1, ["a", "b"]),
        (2, ["one\r\ntwo\nthree", "2"]),
        (7, ["x", 'y "z"']),
    ]


def test_a_quote_that_is_never_closed_costs_only_its_own_row(read):
    items = read('a,b\n1,"open\n2,x\n3,y\n')
    assert rows(items) == [(1, ["a", "b"]), (3, ["2", "x"]), (4, ["3", "y"])]
    assert faults(items) == [
        (2, "a quote mark opens here and is never closed; inside a cell write it twice")
    ]


def test_an_open_quote_that_meets_another_cell_costs_only_its_own_row(read):
    items = read('1,"open\n2,x\n3,"quoted, well"\n4,z\n')
    assert rows(items) == [(2, ["2", "x"]), (3, ["3", "quoted, well"]), (4, ["4", "z"])]
    assert faults(items) == [
        (1, "text follows a closing quote mark; inside a cell write the mark twice")
    ]


def test_an_open_quote_does_not_gather_more_than_one_row_may_have(read):
    items = read('1,"open\n' + "2,x\n" * 2_000)
    assert len(rows(items)) == 2_000
    assert len(faults(items)) == 1


def test_going_back_ends_in_a_file_in_which_every_row_opens_a_quote(read):
    items = read('a","\n' * 20_000)
    assert 0 < len(faults(items)) < 1_000


def test_a_quote_inside_an_unquoted_cell_is_text(read):
    assert read('pipe,5" wide\n') == [(1, ["pipe", '5" wide'])]


def test_a_wrong_byte_is_named_with_its_cell_and_only_its_row_is_lost(read):
    items = read(b"a,b\n1,caf\xe9\n2,caf\xc3\xa9\n")
    assert rows(items) == [(1, ["a", "b"]), (3, ["2", "café"])]
    ((line, reason),) = faults(items)
    assert line == 2
    assert reason.startswith("byte 0xE9 in cell 2 is not UTF-8; save the file as UTF-8")


def test_a_lost_line_inside_a_quoted_cell_costs_its_row_as_well(read):
    items = read('1,"one\n' + "x" * 2_000 + "\n2,b\n")
    assert rows(items) == [(3, ["2", "b"])]
    assert [line for line, _ in faults(items)] == [1, 2]


def test_a_cell_may_be_longer_than_the_limit_of_the_csv_module(read):
    assert len(read("a," + "x" * 200_000 + "\n", limit=300_000)[0][1][1]) == 200_000


def test_a_bare_carriage_return_is_refused_unless_it_is_quoted(read):
    items = read('a\rb,1\n"a\rb",2\n')
    assert faults(items) == [
        (1, "a bare carriage return stands in a cell; put the cell in quote marks")
    ]
    assert rows(items) == [(2, ["a\rb", "2"])]


def test_a_row_with_the_wrong_number_of_cells_is_refused(read_objects):
    items = read_objects("a,b\n1\n1,2\n1,2,3\n")
    assert rows(items) == [(3, {"a": "1", "b": "2"})]
    assert faults(items) == [
        (2, "the row has 1 cells; the header has 2"),
        (4, "the row has 3 cells; the header has 2"),
    ]


def test_cells_without_a_heading_are_left_out(read_objects):
    assert read_objects("a,,b,\n1,x,2,y\n") == [(2, {"a": "1", "b": "2"})]


def test_a_required_column_that_is_not_there_is_one_refusal(read_objects):
    assert faults(read_objects("a,b\n1,2\n3,4\n", required=("a", "c"))) == [
        (1, "there is no column `c`; the columns are: a, b")
    ]


def test_a_heading_that_stands_twice_is_one_refusal(read_objects):
    assert faults(read_objects("a,b,a\n1,2,3\n")) == [
        (1, "the column `a` stands twice; the columns are: a, b, a")
    ]


def test_a_header_that_cannot_be_read_is_one_refusal(read_objects):
    ((line, reason),) = faults(read_objects(b"a,\xff\n1,2\n"))
    assert line == 1
    assert reason.startswith("no row of this file is read: byte 0xFF in cell 2")


def test_an_empty_file_has_no_rows_and_no_faults(read_objects):
    assert read_objects("") == []


@given(
    table=st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4),
        max_size=6,
    )
)
def test_what_the_csv_module_writes_is_read_back(tmp_path_factory, table):
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    file = tmp_path_factory.getbasetemp() / "table.csv"
    file.write_bytes(out.getvalue().encode())
    cells = [cells for _, cells in csv_rows(file, 100_000)]
    assert cells == [row for row in table if any(cell.strip() for cell in row)]


@given(content=st.lists(st.sampled_from([b'"', b",", b"\n", b"\r", b"a", b"\xe9", b"\x00"])))
def test_any_bytes_give_rows_and_refusals_only(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(b"".join(content))
    for item in csv_rows(file, 20):
        assert isinstance(item, Refusal) or len(item) == 2
