"""The whole of a launch, and every way to forge one."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from service.lti.refusals import Reason
from service.lti.tokens import Scope
from service.lti.tool import Tool
from tests.service.lti import platform
from tests.service.lti.platform import LTI, answered, asking, claims, registered

BROWSER = "browser-1"
AGE = 3600


def launched(tool, **changes):
    """The visit that a launch with these claims begins, and the path that it opens."""
    path = tool.launch(answered(tool.login(platform.LOGIN, BROWSER), **changes), BROWSER)
    _, _, _, token, rest = path.split("/", 4)
    return tool.visit(token), f"/{rest}", token


def test_a_login_goes_to_the_platform_with_all_that_it_needs(tool):
    url = urlsplit(tool.login(platform.LOGIN, BROWSER))
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{platform.ISSUER}/mod/lti/auth.php"
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/lti/launch"
    assert (asked["response_type"], asked["response_mode"]) == ("id_token", "form_post")
    assert (asked["scope"], asked["prompt"], asked["client_id"]) == ("openid", "none", "client-1")
    assert (asked["login_hint"], asked["lti_message_hint"]) == ("17", "m")
    assert len(asked["nonce"]) >= 32


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://evil.example"}, Reason.UNKNOWN),
        ({"client_id": "another"}, Reason.UNKNOWN),
        ({"login_hint": ""}, Reason.INCOMPLETE),
    ],
)
def test_a_login_from_who_is_not_registered_or_says_too_little_is_refused(
    tool, refused, changes, reason
):
    refused(reason, tool.login, {**platform.LOGIN, **changes}, BROWSER)


FORGERIES = {
    "signed by another key": ({"key": "attacker"}, Reason.SIGNATURE),
    "of another issuer": ({"iss": "https://evil.example"}, Reason.CLAIMS),
    "for another client": ({"aud": "client-2"}, Reason.CLAIMS),
    "for several, and not said for whom": ({"aud": ["client-1", "client-2"]}, Reason.CLAIMS),
    "for several, and meant for another": (
        {"aud": ["client-1", "client-2"], "azp": "client-2"},
        Reason.CLAIMS,
    ),
    "over": ({"exp": int(time.time()) - AGE}, Reason.CLAIMS),
    "without an end": ({"exp": None}, Reason.CLAIMS),
    "of the future": ({"iat": int(time.time()) + AGE}, Reason.CLAIMS),
    "without a time": ({"iat": None}, Reason.CLAIMS),
    "with another nonce": ({"nonce": "another"}, Reason.STATE),
    "without a nonce": ({"nonce": None}, Reason.CLAIMS),
    "of a foreign deployment": ({f"{LTI}deployment_id": "d-2"}, Reason.DEPLOYMENT),
    "of no deployment": ({f"{LTI}deployment_id": None}, Reason.DEPLOYMENT),
    "of another version": ({f"{LTI}version": "1.1"}, Reason.MESSAGE),
    "of another kind": ({f"{LTI}message_type": "LtiSubmissionReviewRequest"}, Reason.MESSAGE),
    "asking without a way back": (asking(deep_link_return_url=None), Reason.INCOMPLETE),
    "asking with a script as way back": (
        asking(deep_link_return_url="javascript:alert(1)"),
        Reason.INCOMPLETE,
    ),
}


@pytest.mark.parametrize(("changes", "reason"), FORGERIES.values(), ids=FORGERIES)
def test_a_forged_launch_is_refused(tool, refused, changes, reason):
    sent = answered(tool.login(platform.LOGIN, BROWSER), **changes)
    refused(reason, tool.launch, sent, BROWSER)


def _public_pem():
    return (
        platform.private_key("platform")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def _unsigned(said):
    return jwt.encode(said, None, "none")


def _with_the_public_key_as_secret(said):
    # PyJWT would not sign so; an attacker does it by hand.
    body = jwt.encode(said, "x" * 32, "HS256", {"kid": "k1"}).rpartition(".")[0]
    made = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = made.sign(body.encode(), _public_pem())
    return f"{body}.{jwt.utils.base64url_encode(signature).decode()}"


@pytest.mark.parametrize(
    "forge",
    [
        _unsigned,
        _with_the_public_key_as_secret,
        lambda said: jwt.encode(said, "x" * 32, "HS256", {"kid": "k1"}),
        lambda said: platform.signed(said, kid="another"),
        lambda said: platform.signed(said)[:-8],
        lambda _: "no token",
        lambda _: "",
    ],
    ids=["unsigned", "public key", "secret", "kid", "cut", "text", "nothing"],
)
def test_what_is_signed_in_another_way_or_not_at_all_is_refused(tool, refused, forge):
    url = tool.login(platform.LOGIN, BROWSER)
    sent = answered(url)
    nonce = parse_qs(urlsplit(url).query)["nonce"][0]
    sent["id_token"] = forge(claims(nonce))
    refused(Reason.SIGNATURE, tool.launch, sent, BROWSER)


def test_a_launch_happens_once(tool, refused):
    sent = answered(tool.login(platform.LOGIN, BROWSER))
    assert tool.launch(sent, BROWSER)
    refused(Reason.USED, tool.launch, sent, BROWSER)


@pytest.mark.parametrize("browser", ["browser-2", ""])
def test_a_login_that_another_browser_began_opens_nothing(tool, refused, browser):
    refused(Reason.STATE, tool.launch, answered(tool.login(platform.LOGIN, BROWSER)), browser)


def test_a_state_that_is_not_ours_or_over_opens_nothing(tool, refused, monkeypatch):
    sent = answered(tool.login(platform.LOGIN, BROWSER))
    for state in ("", "x", sent["state"][:-2], sent["id_token"]):
        refused(Reason.STATE, tool.launch, {**sent, "state": state}, BROWSER)
    monkeypatch.setattr("service.lti.tokens.STATE_SECONDS", -1)
    refused(Reason.STATE, tool.launch, answered(tool.login(platform.LOGIN, BROWSER)), BROWSER)


def test_a_visit_is_no_state_and_a_state_no_visit(tool, refused):
    _, _, token = launched(tool)
    sent = answered(tool.login(platform.LOGIN, BROWSER))
    refused(Reason.STATE, tool.launch, {**sent, "state": token}, BROWSER)
    refused(Reason.OVER, tool.visit, sent["state"])


def test_what_a_platform_breaks_off_is_told_as_such(tool, refused):
    sent = answered(tool.login(platform.LOGIN, BROWSER))
    broken = {"state": sent["state"], "error": "login_required"}
    refused(Reason.BROKEN_OFF, tool.launch, broken, BROWSER)


BASE = "http://127.0.0.1:8000"
TARGETS = {
    "a learner": ({}, Scope.STEPS, "/steps"),
    "a learner of a curriculum": (
        {f"{LTI}custom": {"framework": "maths", "level": "Year 4", "page": "x"}},
        Scope.STEPS,
        "/steps?framework=maths&level=Year+4",
    ),
    "a teacher": ({f"{LTI}roles": [platform.TEACHER]}, Scope.FIND, "/find"),
    "nobody in particular": ({"sub": None}, Scope.FIND, "/find"),
    "a resource": (
        {f"{LTI}target_link_uri": f"{BASE}/resources/a/b%20c"},
        Scope.PAGE,
        "/resources/a/b%20c",
    ),
    "an outcome by parameter": (
        {f"{LTI}custom": {"page": "/outcomes/o1"}},
        Scope.PAGE,
        "/outcomes/o1",
    ),
    "a list": ({f"{LTI}target_link_uri": f"{BASE}/lists/l1"}, Scope.PAGE, "/lists/l1"),
    "a choice": (asking(), Scope.CHOOSE, "/choose"),
    "shared, and meant for us": (
        {"aud": ["client-1", "client-2"], "azp": "client-1"},
        Scope.STEPS,
        "/steps",
    ),
}


@pytest.mark.parametrize(("changes", "scope", "path"), TARGETS.values(), ids=TARGETS)
def test_a_launch_opens_what_its_link_names_or_what_suits_its_role(tool, changes, scope, path):
    visit, opened, _ = launched(tool, **changes)
    assert (visit.scope, opened) == (scope, path)


def test_a_learner_is_a_pseudonym_of_issuer_and_subject(tool, catalogue):
    catalogue.lti_platforms.add(registered("Other", issuer="https://other.example"))
    mine, again, another = (launched(tool, sub=sub)[0].learner for sub in ("17", "17", "18"))
    login = {**platform.LOGIN, "iss": "https://other.example"}
    sent = answered(tool.login(login, BROWSER), iss="https://other.example")
    elsewhere = tool.visit(tool.launch(sent, BROWSER).split("/")[3]).learner
    catalogue.lti_platforms.remove("Other")
    assert mine == again
    assert len({mine, another, elsewhere}) == 3
    assert mine.startswith("p-")


def test_without_a_key_for_pseudonyms_learners_get_no_steps_but_pages(settings, catalogue, refused):
    tool = Tool(settings.model_copy(update={"learner_key": None}), catalogue)
    refused(Reason.LEARNER_KEY, launched, tool)
    page = {f"{LTI}target_link_uri": f"{BASE}/resources/r"}
    assert launched(tool, **page)[1] == "/resources/r"


def test_a_visit_ends_in_time_and_with_its_platform(tool, catalogue, refused, monkeypatch):
    _, _, token = launched(tool)
    refused(Reason.OVER, tool.visit, token[:-2])
    kept = catalogue.lti_platforms.get("Moodle")
    catalogue.lti_platforms.remove("Moodle")
    refused(Reason.OVER, tool.visit, token)
    catalogue.lti_platforms.add(kept)
    assert tool.visit(token).platform == "Moodle"
    monkeypatch.setattr("service.lti.tokens.VISIT_SECONDS", -1)
    refused(Reason.OVER, launched, tool)


def test_two_clients_of_one_issuer_are_told_apart_by_their_id_alone(tool, catalogue, refused):
    catalogue.lti_platforms.add(registered("Second", client_id="client-2"))
    refused(Reason.UNKNOWN, tool.login, platform.LOGIN, BROWSER)
    url = tool.login({**platform.LOGIN, "client_id": "client-2"}, BROWSER)
    catalogue.lti_platforms.remove("Second")
    assert parse_qs(urlsplit(url).query)["client_id"] == ["client-2"]
