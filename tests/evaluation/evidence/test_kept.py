"""Reports that stay in a workspace."""

from dataclasses import replace

import pytest

from data.errors import GatewaysError
from evaluation.evidence.kept import Kept


def test_what_was_kept_is_read_again_and_the_newest_counts(report, tmp_path):
    kept = Kept(tmp_path / "evidence")
    assert kept.read() is None
    file = kept.keep(report)
    assert kept.read() == report
    assert kept.read().fingerprint == report.fingerprint
    for seconds in (0.001, 60):
        later = replace(report, made=report.made + seconds, since=report.made)
        assert kept.keep(later) > file
        assert kept.read() == later
    assert len(list(file.parent.iterdir())) == 3


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    kept = Kept(tmp_path / "evidence")
    secret = kept.secret()
    assert len(secret) == 64
    assert Kept(tmp_path / "evidence").secret() == secret
    assert (tmp_path / "evidence" / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}'])
def test_a_damaged_report_is_named(tmp_path, text):
    (tmp_path / "20260101-000000.json").write_text(text)
    with pytest.raises(GatewaysError, match=r"20260101-000000\.json"):
        Kept(tmp_path).read()


def test_an_empty_secret_is_none(tmp_path):
    (tmp_path / "secret").write_text("")
    with pytest.raises(GatewaysError, match="is no secret"):
        Kept(tmp_path).secret()
