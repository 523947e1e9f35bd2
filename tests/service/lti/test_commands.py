"""`gateways lti`, as a person types it."""

import json

import pytest

from tests.service.lti.platform import jwks

OPTIONS = {
    "--issuer": "https://moodle.example.org",
    "--client-id": "abc",
    "--deployment": "1",
    "--authorisation-url": "https://moodle.example.org/mod/lti/auth.php",
    "--jwks-url": "https://moodle.example.org/mod/lti/certs.php",
}


def words(**changes):
    given = {**OPTIONS, **{f"--{name.replace('_', '-')}": value for name, value in changes.items()}}
    return [word for pair in given.items() if pair[1] is not None for word in pair]


def test_a_platform_is_registered_listed_and_removed(run):
    assert "lti add" in run("lti", "list")[2]
    status, _, err = run("lti", "add", "Moodle", *words(), "--frame", "https://m.example.org")
    assert status == 0
    assert "GATEWAYS_LEARNER_KEY" in err
    (found,) = json.loads(run("lti", "list", "--json")[1])
    assert (found["name"], found["deployments"]) == ("Moodle", ["1"])
    assert found["origins"] == ["https://moodle.example.org", "https://m.example.org"]
    assert "client abc" in run("lti", "list")[1]
    status, _, err = run("lti", "add", "Other", *words())
    assert (status, "'Moodle'" in err) == (2, True)
    assert run("lti", "remove", "Moodle")[0] == 0
    assert run("lti", "remove", "Moodle")[0] == 2


@pytest.mark.parametrize("text", ["no JSON", '{"keys": []}', None])
def test_a_file_without_keys_is_refused(run, tmp_path, text):
    file = tmp_path / "keys.json"
    if text is not None:
        file.write_text(text)
    status, _, err = run("lti", "add", "Moodle", *words(jwks_url=None, jwks=file))
    assert status == 2
    assert err.startswith("gateways: ")


def test_keys_in_a_file_are_enough(run, tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(jwks()))
    keys = tmp_path / "keys.json"
    assert run("lti", "add", "Moodle", *words(jwks_url=None, jwks=keys))[0] == 0


def test_our_key_is_shown_and_changed_without_its_secret(run):
    first = json.loads(run("lti", "key")[1])["keys"]
    second = json.loads(run("lti", "key", "--rotate")[1])["keys"]
    assert second[1:] == first
    assert all("d" not in key for key in second)
