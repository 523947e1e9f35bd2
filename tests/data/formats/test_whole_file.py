import pytest

from data.errors import GatewaysError
from data.formats.whole_file import read_json, read_object, read_whole

KNOWN = (100, "send it in parts")


def test_a_fault_in_a_file_is_told_with_its_line(tmp_path):
    (tmp_path / "a.json").write_text('{\n"a": ,\n}')
    with pytest.raises(GatewaysError, match=r"a\.json:2: malformed JSON"):
        read_json(tmp_path / "a.json", *KNOWN)
    (tmp_path / "a.json.gz").write_bytes(b"not gzip")
    with pytest.raises(GatewaysError, match="cannot be read"):
        read_json(tmp_path / "a.json.gz", *KNOWN)


def test_what_is_too_long_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 100)
    assert read_whole(tmp_path / "a", *KNOWN) == b"x" * 100
    (tmp_path / "a").write_bytes(b"x" * 101)
    with pytest.raises(GatewaysError, match="more than 100 bytes; send it in parts"):
        read_whole(tmp_path / "a", *KNOWN)


def test_a_byte_order_mark_is_no_part_of_what_is_read(tmp_path):
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf{}")
    assert read_object(tmp_path / "a.json", *KNOWN) == {}


def test_what_is_no_object_is_told_so(tmp_path):
    (tmp_path / "a.json").write_text("[]")
    with pytest.raises(GatewaysError, match="not a JSON object"):
        read_object(tmp_path / "a.json", *KNOWN)
