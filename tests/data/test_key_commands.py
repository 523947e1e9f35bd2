"""The commands of keys, as a person types them."""

import json

import pytest

from data.catalogue import Catalogue
from data.catalogue.keys import Role
from data.settings import load_settings


@pytest.fixture
def kept(tmp_path):
    """Every key in the workspace of the commands."""

    def read():
        with Catalogue.open(load_settings(home=tmp_path / "home").catalogue_url) as catalogue:
            return catalogue.keys.all()

    return read


def test_a_key_is_made_listed_replaced_and_revoked(run, kept):
    status, secret, said = run("keys", "add", "Ada", "--role", "curator", "--days", "30")
    assert status == 0
    (key,) = kept()
    assert key.opens(secret.strip().encode())
    assert key.id in said
    status, listed, _ = run("keys", "list")
    assert listed.startswith(f"{key.id}  Ada  curator  all  until ")
    status, newer, said = run("keys", "rotate", key.id, "--days", "1")
    assert f"{key.id} works for 1 days more" in said
    new, old = kept()
    assert new.opens(newer.strip().encode())
    assert old.expires < key.expires
    assert run("keys", "revoke", new.id)[0] == 0
    told = json.loads(run("keys", "list", "--json")[1])
    assert [one["revoked"] is None for one in told] == [False, True]
    assert "digest" not in told[0]
    assert run("keys", "list")[1].count("\n") == 1


def test_a_learners_key_says_whom_it_is_for_and_keeps_a_pseudonym(run, kept, monkeypatch):
    assert run("keys", "add", "Ada", "--role", "learner")[0] == 2
    assert run("keys", "add", "Ada", "--role", "reader", "--learner", "l-1")[0] == 2
    assert run("keys", "add", "Ada", "--role", "learner", "--learner", "ada@school.example")[0] == 2
    assert kept() == []
    monkeypatch.setenv("GATEWAYS_LEARNER_KEY", "a long secret of ours")
    run("keys", "add", "Ada", "--role", "learner", "--learner", "ada@school.example")
    run("keys", "add", "Moodle", "--role", "learner", "--learner", "*")
    assert {key.name: key.learner[:2] for key in kept()} == {"Ada": "p-", "Moodle": "*"}


@pytest.mark.parametrize("more", [["--role", "king"], ["--role", "scientist", "--platform", "ke"]])
def test_what_no_key_can_be_is_refused_with_a_reason(run, kept, more):
    status, _, said = run("keys", "add", "Ada", *more)
    assert status == 2
    assert "keys add:" in said
    assert kept() == []


def test_every_role_can_be_given(run, kept):
    for role in Role:
        more = ("--learner", "*") if role is Role.LEARNER else ()
        assert run("keys", "add", role, "--role", role, *more)[0] == 0
    assert {key.role for key in kept()} == set(Role)
