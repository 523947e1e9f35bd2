import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.index.names import Joined, Names

IDS = st.lists(st.text(max_size=3))


@given(first=IDS, later=st.lists(IDS, max_size=3), asked=IDS)
def test_every_row_has_its_id_and_every_id_its_last_row(first, later, asked):
    names, expected = Names(first), list(first)
    earlier = [row for row, name in enumerate(first) if name in first[row + 1 :]]
    assert sorted(names.repeated()) == earlier
    for ids in later:
        names.add(ids)
        expected += ids
    assert list(names) == expected
    assert names[:] == expected
    last = {name: row for row, name in enumerate(expected)}
    wanted = [*expected, *asked]
    assert names.rows(wanted).tolist() == [last.get(name, -1) for name in wanted]


def test_ids_whose_hashes_are_the_same_are_told_apart(monkeypatch):
    monkeypatch.setattr("models.index.names.hash", len, raising=False)
    names = Names(["aa", "bb", "aa", "c"])
    assert names.rows(["aa", "bb", "c", "d", "ee"]).tolist() == [2, 1, 3, -1, -1]
    assert names.repeated().tolist() == [0]


def test_half_of_a_pair_of_surrogates_comes_back():
    assert list(Names(["\ud800"])) == ["\ud800"]


def test_beyond_the_last_row_there_is_none():
    names = Names(["a"])
    assert names[-1] == "a"
    for sequence in (names, Joined(names, [])):
        with pytest.raises(IndexError):
            sequence[1]


def test_what_is_added_to_either_of_two_that_are_joined_shows():
    later = Names([])
    joined = Joined(Names(["a", "b"]), later)
    later.add(["c"])
    assert list(joined) == joined[:] == ["a", "b", "c"]
