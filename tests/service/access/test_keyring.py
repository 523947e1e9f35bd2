import time
from types import SimpleNamespace

import anyio
import pytest
from starlette.exceptions import HTTPException

from data.catalogue.hashing import digest_of
from data.catalogue.keys import Key, Role
from data.catalogue.work_tables import keys
from data.settings import load_settings
from service.access import keyring
from service.access.allowance import Allowance
from service.access.keyring import TRIES_A_MINUTE, KeyRing


@pytest.fixture
def ring(settings, catalogue, monkeypatch):
    monkeypatch.setattr(keyring, "FRESH_SECONDS", 3600)
    return KeyRing(load_settings(home=settings.home, api_key="master"), catalogue)


def holder(ring, secret, address=""):
    return anyio.run(ring.holder, secret.encode(), address)


def who(ring, secret):
    found = holder(ring, secret)
    return found and (found.name, found.role)


def make_old(catalogue, key, secret):
    """Keep a key's secret as the first versions did: SHA-256, without how it begins."""
    row = keys.update().where(keys.c.id == key.id)
    with catalogue._store.writing() as connection:
        connection.execute(row.values(digest=digest_of(secret.encode()), shown=None))


def test_the_key_of_the_settings_is_an_administrators(ring):
    assert ring.is_needed
    assert who(ring, "master") == (None, Role.ADMINISTRATOR)
    assert holder(ring, "master ") is None


def test_a_new_key_is_taken_at_once_and_a_revoked_one_is_not(ring, catalogue):
    key, secret = catalogue.keys.create("Ada", Role.CURATOR, by="root", now=1.0)
    assert who(ring, secret) == ("Ada", Role.CURATOR)
    catalogue.keys.revoke(key.id, by="root", now=time.time())
    assert holder(ring, secret)  # as long as the ring is fresh, no database is asked
    ring.forget()
    assert holder(ring, secret) is None


def test_a_key_ends_when_its_time_is_over_however_fresh_the_ring_is(ring, catalogue, monkeypatch):
    ends = time.time() + 3600
    _, secret = catalogue.keys.create("A", Role.READER, by="r", now=1.0, expires=ends)
    assert holder(ring, secret)
    later = SimpleNamespace(time=lambda: ends + 1, monotonic=time.monotonic)
    monkeypatch.setattr(keyring, "time", later)
    assert holder(ring, secret) is None


def test_what_was_revoked_elsewhere_is_known_after_a_while(ring, catalogue, monkeypatch):
    monkeypatch.setattr(keyring, "FRESH_SECONDS", 0)
    key, secret = catalogue.keys.create("Ada", Role.READER, by="root", now=1.0)
    assert holder(ring, secret)
    catalogue.keys.revoke(key.id, by="root", now=time.time())
    assert holder(ring, secret) is None


def test_a_secret_is_hashed_once_and_then_known_until_its_key_is_over(ring, catalogue, monkeypatch):
    hashed = []
    opens = Key.opens
    monkeypatch.setattr(Key, "opens", lambda key, secret: hashed.append(1) or opens(key, secret))
    key, secret = catalogue.keys.create("Ada", Role.READER, by="root", now=1.0)
    for _ in range(3):
        assert holder(ring, secret)
    assert len(hashed) == 1
    catalogue.keys.revoke(key.id, by="root", now=time.time())
    ring.forget()
    assert holder(ring, secret) is None
    assert len(hashed) == 1


def test_a_wrong_secret_is_hashed_for_the_one_key_that_begins_like_it_if_any(
    ring, catalogue, monkeypatch
):
    hashed = []
    monkeypatch.setattr(Key, "opens", lambda key, _: hashed.append(key.name))
    catalogue.keys.create("Ada", Role.READER, by="root", now=1.0)
    _, secret = catalogue.keys.create("Bob", Role.READER, by="root", now=1.0)
    assert holder(ring, "nothing like any") is None
    assert hashed == []
    assert holder(ring, secret[:20] + "wrong") is None
    assert hashed == ["Bob"]


def test_a_key_of_an_earlier_version_still_opens_and_is_kept_better_from_then_on(ring, catalogue):
    key, secret = catalogue.keys.create("Ada", Role.READER, by="root", now=1.0)
    make_old(catalogue, key, secret)
    for _ in range(2):
        assert who(ring, secret) == ("Ada", Role.READER)
    (kept,) = catalogue.keys.all()
    assert kept.digest.startswith("$argon2id$")
    assert kept.shown == secret[:12]


def test_what_is_remembered_of_secrets_is_bounded_and_is_no_secret(ring, catalogue, monkeypatch):
    monkeypatch.setattr(keyring, "PROVED", 2)
    made = [catalogue.keys.create(str(n), Role.READER, by="root", now=1.0)[1] for n in range(3)]
    for secret in made:
        assert holder(ring, secret)
    assert len(ring._proved) == 2
    assert all(secret.encode() not in repr(ring._proved).encode() for secret in made)


def test_an_address_from_which_wrong_keys_come_has_to_wait_and_no_other(ring, catalogue):
    _, secret = catalogue.keys.create("Ada", Role.READER, by="root", now=1.0)
    _, known = catalogue.keys.create("Bob", Role.READER, by="root", now=1.0)
    ring._tries = Allowance(TRIES_A_MINUTE, TRIES_A_MINUTE, lambda: 0.0)  # no time passes
    assert holder(ring, known, "10.0.0.1")
    for _ in range(TRIES_A_MINUTE):
        assert holder(ring, "wrong", "10.0.0.1") is None
    with pytest.raises(HTTPException) as refused:
        holder(ring, "wrong", "10.0.0.1")
    assert refused.value.status_code == 429
    assert int(refused.value.headers["Retry-After"]) >= 1
    with pytest.raises(HTTPException):
        holder(ring, secret, "10.0.0.1")  # so that nobody is told that this one is right
    assert holder(ring, known, "10.0.0.1")  # whoever came in before is not shut out
    assert holder(ring, secret, "10.0.0.2")


def test_when_a_key_was_used_is_kept(ring, catalogue):
    _, secret = catalogue.keys.create("Ada", Role.READER, by="root", now=1.0)
    before = time.time()
    assert holder(ring, secret)
    anyio.run(ring.used.note)
    assert catalogue.keys.all()[0].used >= before
