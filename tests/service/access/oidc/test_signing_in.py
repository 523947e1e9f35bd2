"""People sign in at a real provider of identities, and come back."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from data.catalogue.keys import Role
from data.pseudonyms import pseudonym
from service.access.oidc.people import holder_of

PAGE = {"Accept": "text/html"}


def came_back(client, back="/curate"):
    """Go to the provider and back, as a browser does; the last answer."""
    begun = client.get("/sign-in/openid", params={"back": back})
    assert begun.status_code == 303, begun.text
    returned = httpx.get(begun.headers["location"], timeout=60)
    assert returned.status_code == 303
    there = urlsplit(returned.headers["location"])
    return client.get(f"{there.path}?{there.query}", headers=PAGE)


def test_whoever_the_provider_knows_comes_in_with_the_role_of_their_group(opened, with_provider):
    client = opened(with_provider)
    assert client.get("/curate", headers=PAGE).headers["location"].startswith("/sign-in?")
    assert "/sign-in/openid?back=%2Fcurate" in client.get("/sign-in?back=/curate").text
    answer = came_back(client)
    assert answer.status_code == 200
    assert 'content="0; url=/curate"' in answer.text
    assert "openid" not in client.cookies
    home = client.get("/curate", headers=PAGE)
    assert home.status_code == 200
    assert "Sign ada out" in home.text
    assert client.get("/administration/keys").status_code == 403
    client.headers["Sec-Fetch-Site"] = "same-origin"
    assert client.post("/sign-out").status_code == 303
    assert client.get("/curate").status_code == 401


def test_what_is_asked_of_the_provider_has_a_challenge_a_state_and_a_nonce_of_its_own(
    opened, with_provider
):
    client = opened(with_provider)
    sent = [
        {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        for url in (client.get("/sign-in/openid").headers["location"] for _ in range(2))
    ]
    assert sent[0]["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert sent[0][name] != sent[1][name]
        assert len(sent[0][name]) >= 43
    assert sent[0]["redirect_uri"] == "http://127.0.0.1:8000/sign-in/openid/back"


def test_who_is_in_no_group_with_a_role_does_not_come_in(opened, with_provider, provider):
    provider.person["groups"] = ["gardeners"]
    client = opened(with_provider)
    assert came_back(client).status_code == 403
    assert client.get("/v1/frameworks").status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"aud": ["gateways", "another"]},
        {"aud": ["gateways", "another"], "azp": "another"},
        {"exp": 1},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"iat": int(time.time()) + 3600},
    ],
    ids="+".join,
)
def test_a_token_that_is_not_for_us_now_lets_nobody_in(opened, with_provider, provider, changes):
    provider.changes = changes
    client = opened(with_provider)
    assert came_back(client).status_code == 403
    assert client.get("/v1/frameworks").status_code == 401


@pytest.mark.parametrize(("key", "algorithm"), [("stranger", "RS256"), ("provider", "HS256")])
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    opened, with_provider, provider, key, algorithm
):
    provider.signing, provider.algorithm = key, algorithm
    assert came_back(opened(with_provider)).status_code == 403


def test_what_another_browser_began_is_not_finished_here(opened, with_provider):
    client = opened(with_provider)
    begun = client.get("/sign-in/openid")
    returned = urlsplit(httpx.get(begun.headers["location"], timeout=60).headers["location"])
    back = f"{returned.path}?{returned.query}"
    client.cookies.clear()
    assert client.get(back).status_code == 403
    client.get("/sign-in/openid")  # its own, with another state
    assert client.get(back).status_code == 403


def test_a_code_is_redeemed_once(opened, with_provider):
    client = opened(with_provider)
    begun = client.get("/sign-in/openid")
    kept = client.cookies["openid"]
    returned = urlsplit(httpx.get(begun.headers["location"], timeout=60).headers["location"])
    back, cookie = f"{returned.path}?{returned.query}", {"Cookie": f"openid={kept}"}
    assert client.get(back, headers=cookie).status_code == 200
    client.cookies.clear()
    assert client.get(back, headers=cookie).status_code == 403


def test_another_provider_that_answers_in_its_stead_is_refused(opened, with_provider, provider):
    client = opened(with_provider)
    begun = client.get("/sign-in/openid")
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    for iss in ("", "&iss=https%3A%2F%2Felsewhere.example"):
        answer = client.get(f"/sign-in/openid/back?code=c&state={state}{iss}")
        assert answer.status_code == 403
        assert "another provider" in answer.json()["detail"]


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": ""},
    ],
    ids=lambda said: next(iter(said)),
)
def test_a_provider_that_says_it_is_another_or_leads_elsewhere_is_not_asked(
    opened, with_provider, provider, said
):
    provider.metadata |= said
    assert opened(with_provider).get("/sign-in/openid").status_code == 503


def test_discovery_asks_no_address_of_our_own_network_unless_a_setting_says_so(
    opened, with_provider, provider
):
    client = opened(with_provider.model_copy(update={"harvest_private": ()}))
    assert client.get("/sign-in/openid").status_code == 503
    assert provider.asked == []


def test_without_a_provider_there_is_no_way_to_one(client):
    assert client.get("/sign-in/openid").status_code == 404
    assert "/sign-in/openid" not in client.get("/sign-in").text


@pytest.mark.parametrize("back", ["//elsewhere.example", "https://elsewhere.example", "/\\x"])
def test_the_way_back_is_never_to_another_site(opened, with_provider, back):
    assert 'content="0; url=/"' in came_back(opened(with_provider), back).text


def test_of_several_groups_the_one_with_the_most_counts(with_provider):
    def holder(*groups):
        said = {"iss": "i", "sub": "17", "preferred_username": "ada", "groups": list(groups)}
        found = holder_of(said, with_provider)
        return found and (found.role, found.platform)

    assert holder("pupils", "it", "teachers") == (Role.ADMINISTRATOR, None)
    assert holder("saltmere") == (Role.CURATOR, "ke")
    assert holder("saltmere", "teachers") == (Role.CURATOR, None)
    assert holder() is None


def test_who_learns_has_a_pseudonym_and_without_a_key_for_those_none(with_provider, provider):
    said = {"iss": provider.url, "sub": "17", "groups": "pupils"}
    assert holder_of(said, with_provider).learner is None
    keyed = with_provider.model_copy(update={"learner_key": SecretStr("a long secret of ours")})
    learner = holder_of(said, keyed).learner
    assert learner == pseudonym(f"{provider.url} 17", keyed.learner_key)
    assert holder_of(said, keyed).name == "17"
