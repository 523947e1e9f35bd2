import pytest

from data.catalogue import Catalogue
from data.catalogue.keys import Role


@pytest.fixture
def catalogue(catalogue_url):
    with Catalogue.open(catalogue_url) as opened:
        yield opened


def begin(catalogue, **changes):
    said = {
        "source": "k-1",
        "name": "Ada",
        "role": Role.CURATOR,
        "platform": None,
        "learner": None,
        "now": 10.0,
        "ends": 110.0,
    }
    return catalogue.sessions.begin(**said | changes)


def test_a_session_is_found_by_its_token_alone_which_is_not_kept(catalogue):
    token = begin(catalogue)
    found = catalogue.sessions.get(token.encode())
    assert (found.name, found.role, found.source) == ("Ada", Role.CURATOR, "k-1")
    assert token not in repr(found)
    assert catalogue.sessions.get(found.digest.encode()) is None
    assert len(token) >= 43  # 32 bytes


def test_a_session_holds_while_it_is_used_and_never_after_its_end(catalogue):
    token = begin(catalogue)
    found = catalogue.sessions.get(token.encode())
    assert found.holds(19.0, idle=10)
    assert not found.holds(20.0, idle=10)
    catalogue.sessions.note_seen({found.digest: 105.0})
    found = catalogue.sessions.get(token.encode())
    assert found.holds(109.0, idle=10)
    assert not found.holds(110.0, idle=10)


def test_a_session_that_is_ended_is_gone_and_no_other(catalogue):
    one, other = begin(catalogue), begin(catalogue)
    catalogue.sessions.end(one.encode())
    catalogue.sessions.end(b"none")
    assert catalogue.sessions.get(one.encode()) is None
    assert catalogue.sessions.get(other.encode()) is not None


def test_sessions_that_are_over_are_forgotten_when_another_begins(catalogue):
    old = begin(catalogue)
    begin(catalogue, now=111.0, ends=200.0)
    assert catalogue.sessions.get(old.encode()) is None
