import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.formats import lines
from data.formats.lines import is_file, json_objects, read_lines
from data.formats.protocol import Refusal
from data.formats.whole_file import read_whole

LIMIT = 1_000


def read(path, content: bytes, limit=LIMIT):
    path.write_bytes(content)
    return list(json_objects(path, limit))


def reasons(items):
    return [item.reason for item in items if isinstance(item, Refusal)]


def objects(items):
    return [item for item in items if not isinstance(item, Refusal)]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "rows.jsonl"


def test_lines_are_numbered_as_in_an_editor_and_blank_ones_are_ignored(file):
    items = read(file, b'\xef\xbb\xbf{"a": 1}\r\n\r\n  \n{"a": 2}\r\n{"a": 3}')
    assert items == [(1, {"a": 1}), (4, {"a": 2}), (5, {"a": 3})]


def test_a_line_separator_of_unicode_does_not_end_a_line(file):
    assert read(file, '{"a": "x\u2028y\x85z"}\n'.encode()) == [(1, {"a": "x\u2028y\x85z"})]


def test_malformed_json_is_refused_with_its_column_and_the_next_row_is_read(file):
    items = read(file, b'{"a": 1 "b"}\n{"a": 2}\n')
    assert str(items[0]) == f"{file}:1: malformed JSON at column 9: Expecting ',' delimiter"
    assert items[1] == (2, {"a": 2})


@pytest.mark.parametrize("line", [b"[1, 2]", b'"text"', b"null", b"12"])
def test_json_that_is_not_an_object_is_refused(file, line):
    assert reasons(read(file, line)) == [
        "not a JSON object: write one row a line, as {…}, without a list"
    ]


@pytest.mark.parametrize(
    "line", [b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}', b"9" * 5_000, b"[" * 90_000]
)
def test_what_python_reads_but_json_does_not_have_is_refused(file, line):
    (reason,) = reasons(read(file, line, limit=100_000))
    assert reason.startswith("malformed JSON: ")


def test_a_wrong_byte_is_named_with_its_column_and_only_its_row_is_lost(file):
    items = read(file, b'{"a": 1}\n{"a": "caf\xe9"}\n{"a": 3}\n')
    assert objects(items) == [(1, {"a": 1}), (3, {"a": 3})]
    assert items[1].line == 2
    assert "byte 0xE9 at column 11 is not UTF-8" in items[1].reason
    assert "iconv -f WINDOWS-1252 -t UTF-8" in items[1].reason


def test_a_utf_16_file_is_refused_once(file):
    assert reasons(read(file, '{"a": 1}\n{"a": 2}\n'.encode("utf-16"))) == [
        "the file is UTF-16; save it as UTF-8"
    ]


def test_an_over_long_line_is_skipped_and_the_next_one_is_read(file):
    long = b'{"a": "' + b"x" * 200_000 + b'"}'
    items = read(file, b'{"a": 1}\n' + long + b'\n{"a": 3}\n' + long)
    assert objects(items) == [(1, {"a": 1}), (3, {"a": 3})]
    assert [item.line for item in items if isinstance(item, Refusal)] == [2, 4]
    assert reasons(items)[0] == (
        "the line has 200,010 bytes; the limit is 1,000: "
        "shorten its text or raise GATEWAYS_MAX_TEXT"
    )


def test_an_over_long_line_is_not_held_in_memory(file):
    file.write_bytes(b"x" * 20_000_000)
    tracemalloc.start()
    assert len(list(read_lines(file, LIMIT))) == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_a_line_may_be_as_long_as_the_limit_and_no_longer(file, ending):
    fits = b'{"a": "' + b"x" * (LIMIT - 9 - len(ending)) + b'"}' + ending
    assert len(fits) == LIMIT
    assert len(objects(read(file, fits))) == 1
    assert len(reasons(read(file, b" " + fits + b"{}"))) == 1


def test_a_gzip_file_that_is_cut_short_gives_its_rows_and_says_so(tmp_path):
    file = tmp_path / "rows.jsonl.gz"
    whole = gzip.compress(b"".join(b'{"a": %d}\n' % n for n in range(50_000)))
    file.write_bytes(whole[: len(whole) // 2])
    items = list(json_objects(file, LIMIT))
    count = len(objects(items))
    assert 10_000 < count < 50_000
    assert objects(items)[-1] == (count, {"a": count - 1})
    assert items[-1].line == count + 1
    assert "ends early" in items[-1].reason


@pytest.mark.parametrize(
    "content",
    [
        b"no gzip at all",
        b"\x1f\x8b\x08\x00garbage",
        gzip.compress(b"{}\n", mtime=0)[:-8] + b"12345678",
    ],
)
def test_a_damaged_gzip_file_is_refused_and_not_fatal(tmp_path, content):
    file = tmp_path / "rows.jsonl.gz"
    file.write_bytes(content)
    items = list(json_objects(file, LIMIT))
    assert "cannot be read from here on" in items[-1].reason or "ends early" in items[-1].reason


def test_a_file_that_is_gone_is_a_refusal(tmp_path):
    (refusal,) = read_lines(tmp_path / "gone.jsonl", LIMIT)
    assert refusal.reason == "the file cannot be read from here on: No such file or directory"


def test_a_path_that_the_system_does_not_take_is_an_error_for_a_person(tmp_path):
    with pytest.raises(GatewaysError, match="cannot be looked at: File name too long"):
        is_file(tmp_path / ("x" * 5_000))


@given(content=st.binary(max_size=300), compressed=st.booleans())
def test_any_bytes_give_rows_and_refusals_in_the_order_of_their_lines(
    tmp_path_factory, content, compressed
):
    file = tmp_path_factory.getbasetemp() / ("any.jsonl.gz" if compressed else "any.jsonl")
    items = read(file, content, limit=50)
    numbers = [item.line if isinstance(item, Refusal) else item[0] for item in items]
    assert numbers == sorted(set(numbers))


def test_a_gzip_bomb_is_left_before_it_is_unpacked_and_the_rows_before_it_stay(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(lines, "_SMALL", 1_000_000)
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a": 1}\n' + b" " * 20_000_000))
    row, refusal = json_objects(path, limit=1000)
    assert row == (1, {"a": 1})
    assert "it unpacks to more than 200 times its size" in refusal.reason


def test_a_gzip_bomb_that_is_read_as_a_whole_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "_SMALL", 1_000)
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b" " * 10_000_000))
    with pytest.raises(GatewaysError, match="200 times"):
        read_whole(path, 10**9, "")
