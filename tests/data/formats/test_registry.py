from pathlib import Path

import pytest

from data.errors import GatewaysError, NotFoundError
from data.formats.dataset_folder import FILES
from data.formats.protocol import ReadOptions
from data.formats.registry import FORMATS, format_named, recognise


def test_a_format_is_found_by_its_name():
    assert [format_named(known.name) for known in FORMATS] == list(FORMATS)


def test_every_format_and_every_file_of_the_folder_is_documented():
    page = (Path(__file__).parents[3] / "docs" / "formats.md").read_text("utf-8")
    for known in FORMATS:
        assert f"| `{known.name}` |" in page
        assert f"## `{known.name}`" in page
    for name in FILES.values():
        assert f"| `{name}` |" in page


def test_an_unknown_name_lists_the_formats_and_what_each_expects():
    with pytest.raises(NotFoundError) as caught:
        format_named("excel")
    for known in FORMATS:
        assert f"{known.name} ({known.expects})" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("set/dataset.json", "folder"),
        ("set/interactions.csv.gz", "folder"),
        ("lessons.csv", "table"),
        ("package.json", "case"),
        ("lessons.jsonl.gz", "table"),
        ("lessons.jsonld", "lrmi"),
        ("lessons.html", "lrmi"),
        ("set/topics.csv set/content.csv", "competition"),
    ],
)
def test_a_path_is_recognised(tmp_path, name, expected):
    (tmp_path / "set").mkdir()
    for file in name.split():
        (tmp_path / file).write_text('{"CFDocument": {}}' if expected == "case" else "{}")
    path = tmp_path / name.partition("/")[0]
    assert recognise(path).name == expected


@pytest.mark.parametrize("begins", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"])
@pytest.mark.parametrize("name", ["lessons.ods", "lessons.xls", "lessons"])
def test_a_spreadsheet_is_to_be_saved_as_a_text(tmp_path, name, begins):
    (tmp_path / name).write_bytes(begins)
    with pytest.raises(GatewaysError, match=f"{name}: .*spreadsheet.*save it as XLSX or CSV UTF-8"):
        recognise(tmp_path / name)


def test_a_path_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(NotFoundError, match="there is no such file or folder"):
        recognise(tmp_path / "gone")


def test_a_path_that_the_system_does_not_take_is_an_error_for_a_person(tmp_path):
    with pytest.raises(GatewaysError, match="File name too long"):
        recognise(tmp_path / ("x" * 5_000))


def test_what_no_format_knows_is_refused_and_nothing_opens_it(tmp_path):
    (tmp_path / "song.mp3").write_bytes(b"la")
    for path in (tmp_path, tmp_path / "song.mp3"):
        with pytest.raises(
            GatewaysError, match="no format recognises this; the formats are folder"
        ):
            recognise(path)
        for known in FORMATS:
            with pytest.raises(
                GatewaysError, match=f"{path.name}: this is not {known.expects[:9]}"
            ):
                known.open(path, ReadOptions())
