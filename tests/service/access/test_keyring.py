import time

import anyio
import pytest

from data.catalogue.keys import Role
from data.settings import load_settings
from service.access import keyring
from service.access.keyring import Holder, KeyRing


@pytest.fixture
def ring(settings, catalogue):
    return KeyRing(load_settings(home=settings.home, api_key="master"), catalogue)


def holder(ring, secret):
    return anyio.run(ring.holder, secret.encode())


def test_the_key_of_the_settings_is_an_administrators(ring):
    assert ring.is_needed
    assert holder(ring, "master") == Holder(None, Role.ADMINISTRATOR)
    assert holder(ring, "master ") is None


def test_a_new_key_is_taken_at_once_and_a_revoked_one_is_not(ring, catalogue):
    key, secret = catalogue.keys.create("Ada", Role.CURATOR, by="root", now=1.0)
    assert holder(ring, secret) == Holder("Ada", Role.CURATOR)
    catalogue.keys.revoke(key.id, by="root", now=time.time())
    assert holder(ring, secret)  # as long as the ring is fresh, no database is asked
    ring.forget()
    assert holder(ring, secret) is None


def test_a_key_ends_when_its_time_is_over_however_fresh_the_ring_is(ring, catalogue):
    _, secret = catalogue.keys.create("A", Role.READER, by="r", now=1.0, expires=time.time() + 0.2)
    assert holder(ring, secret)
    time.sleep(0.25)
    assert holder(ring, secret) is None


def test_what_was_revoked_elsewhere_is_known_after_a_while(ring, catalogue, monkeypatch):
    monkeypatch.setattr(keyring, "FRESH_SECONDS", 0)
    key, secret = catalogue.keys.create("Ada", Role.READER, by="root", now=1.0)
    assert holder(ring, secret)
    catalogue.keys.revoke(key.id, by="root", now=time.time())
    assert holder(ring, secret) is None
