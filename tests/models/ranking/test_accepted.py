from hypothesis import given
from hypothesis import strategies as st

from models.ranking.accepted import Accepted, AcceptedRows, accepted_bytes, read_accepted

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)


@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=3)))
def test_what_is_packed_reads_as_it_was(accepted):
    packed = Accepted(accepted)
    assert packed == accepted
    assert list(packed) == list(accepted)
    assert accepted_bytes(packed) == accepted_bytes(accepted)


def test_who_was_accepted_for_nothing_has_nothing(tmp_path):
    (tmp_path / "file").write_bytes(accepted_bytes({"r": ["o", "p"]}))
    packed = read_accepted(tmp_path / "file")
    assert packed.get("r") == ["o", "p"]
    assert packed.get("s") is None
    assert "s" not in packed


def test_outcomes_are_told_by_their_rows_and_those_without_one_not_at_all():
    accepted = AcceptedRows({"r": ["o", "gone", "p", "o"], "s": ["gone"]}, {"p": 0, "o": 4})
    told = accepted.of(["s", "r", "unknown"])
    assert [rows.tolist() for rows in told] == [[], [0, 4], []]
