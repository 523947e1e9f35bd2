import stat
from pathlib import Path

import pytest

from data.errors import GatewaysError
from service.lti.keys import LtiKeys
from service.lti.tokens import Scope, Seal, Visit


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "lti"


def test_a_key_is_made_at_its_first_use_for_its_owner_alone(folder):
    made = LtiKeys(folder).current()
    assert LtiKeys(folder).current() == made
    assert [file.name for file in folder.iterdir()] == ["key.pem"]
    assert stat.S_IMODE((folder / "key.pem").stat().st_mode) == 0o600
    assert made.private.key_size == 2048
    assert {"kty", "n", "e", "alg", "use", "kid"} == set(made.jwk)


def test_a_new_key_leaves_the_one_before_known_and_what_it_sealed_open(folder):
    keys = LtiKeys(folder)
    before, visit = keys.current(), Visit(platform="p", scope=Scope.FIND, nonce="n")
    token = Seal(keys).visit(visit)
    after = keys.rotate()
    assert [pair.jwk for pair in keys.all()] == [after.jwk, before.jwk]
    assert after.jwk["kid"] != before.jwk["kid"]
    assert Seal(LtiKeys(folder)).opened_visit(token) == visit
    keys.rotate()
    assert before.jwk not in [pair.jwk for pair in keys.all()]
    assert Seal(keys).opened_visit(token) is None
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_damaged_key_is_told_of(folder):
    folder.mkdir()
    (folder / "key.pem").write_text("no key")
    with pytest.raises(GatewaysError, match="no RSA key"):
        LtiKeys(folder).current()


def test_a_rotation_that_was_killed_leaves_nothing_behind_for_long(folder, monkeypatch):
    keys = LtiKeys(folder)
    keys.rotate()

    def killed(self, target):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            keys.rotate()
    assert len(list(folder.iterdir())) == 4
    keys.rotate()
    assert {file.name for file in folder.iterdir()} == {"key.pem", "key-before.pem"}
