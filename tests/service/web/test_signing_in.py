import pytest
from pydantic import SecretStr

from data.catalogue.keys import Role
from data.catalogue.work_tables import sessions
from data.settings import load_settings
from service.access.allowance import Allowance
from service.access.keyring import TRIES_A_MINUTE

PAGE = {"Accept": "text/html"}
MASTER = "a long and random kéy"


@pytest.fixture
def guarded(opened, settings):
    """A client of a service that has a key, which says where it sends from as browsers do."""
    client = opened(load_settings(home=settings.home, api_key=MASTER))
    client.headers["Sec-Fetch-Site"] = "same-origin"
    return client


@pytest.fixture
def key_of(catalogue):
    """Make a key of that role; its secret."""
    return lambda role: catalogue.keys.create("Ada", role, by="root", now=1.0)[1]


def sign_in(client, secret, back="/"):
    return client.post("/sign-in", data={"key": secret, "back": back})


def test_a_browser_without_a_key_is_led_to_where_it_can_sign_in_and_back(guarded, key_of):
    answer = guarded.get("/curate?order=x", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?back=%2Fcurate%3Forder%3Dx"
    asked = guarded.get(answer.headers["location"], headers=PAGE)
    assert 'value="/curate?order=x"' in asked.text
    assert sign_in(guarded, key_of(Role.CURATOR), "/curate").headers["location"] == "/curate"
    assert guarded.get("/curate", headers=PAGE).status_code == 200


def test_who_has_a_key_of_their_own_is_not_asked_for_the_name_that_it_gives(guarded, key_of):
    asked = "Your name, as decisions are signed"
    sign_in(guarded, key_of(Role.CURATOR))
    assert asked not in guarded.get("/curate", headers=PAGE).text
    sign_in(guarded, MASTER)  # which is nobody's in particular
    assert asked in guarded.get("/curate", headers=PAGE).text


def test_a_browser_keeps_a_session_that_no_script_reads_and_no_other_site_sends(guarded, key_of):
    said = sign_in(guarded, secret := key_of(Role.READER)).headers["set-cookie"]
    assert secret not in said
    assert "httponly" in said.lower()
    assert "samesite=strict" in said.lower()
    assert "secure" not in said.lower()  # over plain HTTP it would never be sent


def test_where_others_reach_us_encrypted_the_session_never_travels_otherwise(
    opened, settings, key_of
):
    public = {"api_key": SecretStr(MASTER), "public_url": "https://gateways.example.org"}
    client = opened(settings.model_copy(update=public))
    answer = sign_in(client, key_of(Role.READER))
    assert "; Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_each_sign_in_begins_a_session_of_its_own_and_ends_the_one_before(guarded, key_of):
    sign_in(guarded, secret := key_of(Role.READER))
    before = guarded.cookies["session"]
    sign_in(guarded, secret)
    assert guarded.cookies["session"] != before
    guarded.cookies.clear()
    guarded.cookies["session"] = before
    assert guarded.get("/v1/frameworks").status_code == 401


def test_a_session_that_somebody_made_up_is_none(guarded):
    for token in ("x" * 43, "", "é"):
        headers = {"Cookie": f"session={token}".encode()}
        assert guarded.get("/v1/frameworks", headers=headers).status_code == 401


def test_a_made_up_session_takes_no_memory_by_its_length(guarded):
    for number in range(3):
        headers = {"Cookie": f"session={number}{'x' * 8000}".encode()}
        assert guarded.get("/v1/frameworks", headers=headers).status_code == 401
    remembered = guarded.app.state.parts.sessions._found
    assert len(remembered) == 3
    assert max(map(len, remembered)) <= 64


def test_a_session_ends_with_the_key_that_it_was_begun_with(guarded, key_of, catalogue):
    sign_in(guarded, key_of(Role.READER))
    assert guarded.get("/v1/frameworks").status_code == 200
    catalogue.keys.revoke(catalogue.keys.all()[0].id, by="root", now=2.0)
    guarded.app.state.parts.keys.forget()
    assert guarded.get("/v1/frameworks").status_code == 401


@pytest.mark.parametrize("changes", [{"seen": 1.0}, {"ends": 1.0}])
def test_a_session_that_was_left_alone_or_lasted_long_is_over(guarded, key_of, catalogue, changes):
    sign_in(guarded, key_of(Role.READER))
    with catalogue._store.writing() as connection:
        connection.execute(sessions.update().values(changes))
    assert guarded.get("/v1/frameworks").status_code == 401


def test_what_a_session_sends_must_say_that_it_comes_from_a_page_of_ours(guarded, key_of):
    sign_in(guarded, key_of(Role.READER))
    del guarded.headers["Sec-Fetch-Site"]
    said = {"data": {"theme": "dark"}}
    assert guarded.post("/preferences", **said).status_code == 403
    ours = {"Origin": "http://127.0.0.1"}
    assert guarded.post("/preferences", headers=ours, **said).status_code == 303


def test_many_wrong_keys_are_no_longer_looked_at(guarded):
    tries = Allowance(TRIES_A_MINUTE, TRIES_A_MINUTE, lambda: 0.0)  # no time passes
    guarded.app.state.parts.keys._tries = tries
    answers = [sign_in(guarded, f"wrong {n}").status_code for n in range(TRIES_A_MINUTE + 1)]
    assert answers == [401] * TRIES_A_MINUTE + [429]
    refused = guarded.post("/sign-in", data={"key": "wrong"}, headers=PAGE)
    assert int(refused.headers["retry-after"]) >= 1
    assert sign_in(guarded, MASTER).status_code == 303


def test_a_wrong_key_is_told_and_none_is_kept(guarded):
    answer = sign_in(guarded, "wrong")
    assert answer.status_code == 401
    assert "That key is not known" in answer.text
    assert "set-cookie" not in answer.headers


def test_the_way_back_is_never_to_another_site(guarded):
    assert sign_in(guarded, MASTER, "//example.org").headers["location"] == "/"


def test_a_role_opens_its_rooms_and_no_others(guarded, key_of):
    sign_in(guarded, key_of(Role.CURATOR))
    home = guarded.get("/", headers=PAGE).text
    assert 'href="/curate"' in home
    assert '<a href="/administration"' not in home
    refused = guarded.get("/administration/keys", headers=PAGE)
    assert refused.status_code == 403
    assert "takes the role administrator" in refused.text
    assert guarded.post("/models/retrain", data={"dry_run": "1"}).status_code == 403


def test_whoever_follows_an_import_is_offered_no_page_that_their_role_does_not_open(
    guarded, key_of
):
    sign_in(guarded, key_of(Role.CURATOR))
    jobs = guarded.get("/administration/jobs", headers=PAGE).text
    assert '<a href="/administration/jobs" aria-current="page"' in jobs
    assert 'href="/administration"' not in jobs
    assert 'href="/administration/keys"' not in jobs
    sign_in(guarded, MASTER)
    assert 'href="/administration/keys"' in guarded.get("/administration/jobs", headers=PAGE).text


def test_a_key_works_for_programs_as_the_settings_key_does(guarded, key_of):
    bearer = {"Authorization": f"Bearer {key_of(Role.READER)}"}
    assert guarded.get("/v1/frameworks", headers=bearer).status_code == 200
    body = {"resource": "volcano", "outcome": "read-a-bar-chart", "verdict": "accept"}
    assert guarded.post("/v1/decisions", json=body, headers=bearer).status_code == 403


def test_what_is_done_with_a_key_is_done_under_its_name(guarded, key_of, catalogue):
    sign_in(guarded, key_of(Role.CURATOR))
    guarded.post("/preferences", data={"name": "Someone else"})
    guarded.post("/decisions", data={"resource": "volcano", "accept": "1 read-a-bar-chart"})
    (decision,) = catalogue.ledger.all()
    assert decision.curator == "Ada"


def test_signing_out_ends_the_session_on_the_server(guarded, key_of):
    sign_in(guarded, key_of(Role.READER))
    assert "Sign Ada out" in guarded.get("/", headers=PAGE).text
    token = guarded.cookies["session"]
    ended = guarded.post("/sign-out")
    assert (ended.status_code, ended.headers["clear-site-data"]) == (303, '"cache"')
    assert guarded.get("/", headers=PAGE).headers["location"].startswith("/sign-in")
    guarded.cookies["session"] = token  # whoever has a copy of it
    assert guarded.get("/", headers=PAGE).headers["location"].startswith("/sign-in")


def test_without_a_key_in_the_settings_everything_is_open(client):
    assert client.get("/administration/keys").status_code == 200
    assert "No key is needed here" in client.get("/sign-in").text
