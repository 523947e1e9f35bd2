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
