import pytest

from data.errors import GatewaysError
from data.formats.rejections import Aspect, Rejection, read_rejections, write_rejections
from data.records import RejectionReason, Split

HEADER = "resource,outcome,reason,aspect,split\n"


def test_what_is_written_is_read(tmp_path):
    rejections = [
        Rejection(
            resource="r,1",
            outcome='o "1"\r',
            reason=RejectionReason.TOO_BASIC,
            aspect=Aspect.LEVEL,
            split=Split.TRAIN,
        ),
        Rejection(resource="मात्रा", outcome="o"),
    ]
    write_rejections(tmp_path, rejections)
    assert read_rejections(tmp_path) == rejections


def test_a_folder_without_the_file_has_no_rejections(tmp_path):
    assert read_rejections(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("resource,outcome\nr,o\n", r"rejections\.csv:1: there is no column `reason`"),
        (HEADER + "r,o,,,\n,o,,,\n", r"rejections\.csv:3: resource is missing"),
        (HEADER + "r,o,too long,,\n", r"rejections\.csv:2: reason is \"too long\"; it must be one"),
        (HEADER + "r,o,,mood,\n", "aspect"),
        (HEADER + "r,o,,,exam\n", "split"),
        (HEADER + "r,o\n", "2 cells"),
    ],
)
def test_a_bad_row_is_named(tmp_path, content, reason):
    (tmp_path / "rejections.csv").write_text(content)
    with pytest.raises(GatewaysError, match=reason):
        read_rejections(tmp_path)
