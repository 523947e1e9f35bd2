import pytest

from data.catalogue import Catalogue
from data.catalogue.keys import Role
from data.errors import ConflictError, NotFoundError


@pytest.fixture
def catalogue(catalogue_url):
    with Catalogue.open(catalogue_url) as opened:
        yield opened


def test_a_key_is_opened_by_its_secret_alone_which_is_not_kept(catalogue):
    made, secret = catalogue.keys.create("Ada", Role.CURATOR, by="root", now=10.0)
    (kept,) = catalogue.keys.all()
    assert kept == made
    assert (kept.name, kept.role, kept.made_by) == ("Ada", Role.CURATOR, "root")
    assert kept.opens(secret.encode())
    assert not kept.opens(secret[:-1].encode())
    assert len(secret) >= 43  # 32 bytes
    assert secret not in repr(kept)
    assert kept.digest.startswith("$argon2id$")
    assert secret.startswith(kept.shown)


def test_a_key_is_replaced_by_one_that_opens_the_same_while_the_old_one_still_works(catalogue):
    old, _ = catalogue.keys.create("Ada", Role.CURATOR, by="root", now=10.0, expires=110.0)
    new, secret = catalogue.keys.rotate(old.id, by="Eve", now=50.0, overlap=20.0)
    kept = {key.id: key for key in catalogue.keys.all()}
    assert kept[old.id].holds(69.0)
    assert not kept[old.id].holds(70.0)
    assert kept[new.id].opens(secret.encode())
    assert (new.name, new.role, new.made_by, new.replaces) == ("Ada", Role.CURATOR, "Eve", old.id)
    assert new.expires == 150.0  # as long as the one before was good


def test_a_key_never_lasts_longer_since_it_was_replaced_and_is_replaced_once(catalogue):
    old, _ = catalogue.keys.create("Ada", Role.READER, by="root", now=10.0, expires=55.0)
    catalogue.keys.rotate(old.id, by="Eve", now=50.0, overlap=1000.0)
    assert {key.id: key for key in catalogue.keys.all()}[old.id].expires == 55.0
    for now in (51.0, 60.0):
        with pytest.raises(ConflictError, match="make a new one"):
            catalogue.keys.rotate(old.id, by="Eve", now=now, overlap=1.0)
    with pytest.raises(NotFoundError):
        catalogue.keys.rotate("none", by="Eve", now=51.0, overlap=1.0)


def test_when_keys_were_used_last_is_kept(catalogue):
    key, _ = catalogue.keys.create("Ada", Role.READER, by="root", now=10.0)
    assert key.used is None
    catalogue.keys.note_used({key.id: 20.0, "none": 30.0})
    assert catalogue.keys.all()[0].used == 20.0


def test_a_key_and_a_session_of_a_learner_end_when_the_learner_is_erased(catalogue):
    key, _ = catalogue.keys.create("Ada", Role.LEARNER, by="root", now=10.0, learner="l-1")
    token = catalogue.sessions.begin(
        source=key.id,
        name="Ada",
        role=Role.LEARNER,
        platform=None,
        learner="l-1",
        now=10.0,
        ends=1e12,
    )
    catalogue.learners.erase("l-1", "root", 20.0)
    (kept,) = catalogue.keys.all()
    assert (kept.name, kept.learner, kept.revoked) == ("", None, 20.0)
    assert catalogue.sessions.get(token.encode()) is None


def test_a_key_holds_until_it_expires_or_is_revoked(catalogue):
    brief, _ = catalogue.keys.create("Ada", Role.READER, by="root", now=10.0, expires=20.0)
    assert brief.holds(19.0)
    assert not brief.holds(20.0)
    lasting, _ = catalogue.keys.create("Bob", Role.READER, by="root", now=11.0)
    catalogue.keys.revoke(lasting.id, by="Eve", now=30.0)
    newest = catalogue.keys.all()[0]
    assert (newest.name, newest.revoked, newest.revoked_by) == ("Bob", 30.0, "Eve")
    assert not newest.holds(31.0)


def test_a_key_is_revoked_once_and_only_if_there_is_one(catalogue):
    key, _ = catalogue.keys.create("Ada", Role.READER, by="root", now=10.0)
    catalogue.keys.revoke(key.id, by="root", now=11.0)
    with pytest.raises(ConflictError):
        catalogue.keys.revoke(key.id, by="root", now=12.0)
    with pytest.raises(NotFoundError):
        catalogue.keys.revoke("none", by="root", now=12.0)


def test_each_role_may_do_what_those_before_it_may():
    assert Role.ADMINISTRATOR.covers(Role.READER)
    assert Role.CURATOR.covers(Role.CURATOR)
    assert not Role.CURATOR.covers(Role.SCIENTIST)
