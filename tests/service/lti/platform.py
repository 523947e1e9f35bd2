"""A small learning platform: it knows its learners, and signs what it says of them."""

import time
from functools import cache
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from service.lti.registering import platform_of

ISSUER = "https://moodle.example.org"
CLIENT = "client-1"
DEPLOYMENT = "d-1"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP = "https://purl.imsglobal.org/spec/lti-dl/claim/"
TEACHER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
RETURN = "https://moodle.example.org/mod/lti/contentitem_return.php?course=2"
LOGIN = {"iss": ISSUER, "login_hint": "17", "lti_message_hint": "m", "target_link_uri": "x"}


@cache
def private_key(name):
    """A key that is made once; another name is another key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwks(name="platform", kid="k1"):
    found = RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    return {"keys": [{**found, "kid": kid, "alg": "RS256", "use": "sig"}]}


def registered(name="Moodle", **changes):
    """The platform as it is registered with us."""
    texts = {
        "issuer": ISSUER,
        "client_id": CLIENT,
        "authorisation_url": f"{ISSUER}/mod/lti/auth.php",
        "token_url": None,
        "jwks_url": None,
    }
    keys = None if changes.get("jwks_url") else jwks()
    return platform_of(name, {**texts, **changes}, [DEPLOYMENT], keys)


def claims(nonce, /, **changes):
    """What a launch says; a change of None leaves a claim out."""
    now = int(time.time())
    said = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "17",
        "exp": now + 60,
        "iat": now,
        "nonce": nonce,
        "name": "Ada Lovelace",
        "email": "ada@school.example",
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": DEPLOYMENT,
        f"{LTI}target_link_uri": "http://127.0.0.1:8000/lti/launch",
        f"{LTI}roles": [LEARNER],
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def asking(**settings):
    """The claims of a launch that asks for content."""
    given = {
        "deep_link_return_url": RETURN,
        "accept_types": ["ltiResourceLink", "link"],
        "accept_multiple": True,
        "data": "as it was",
        **settings,
    }
    return {
        f"{LTI}message_type": "LtiDeepLinkingRequest",
        f"{LTI}roles": [TEACHER],
        f"{DEEP}deep_linking_settings": {k: v for k, v in given.items() if v is not None},
    }


def signed(said, key="platform", kid="k1"):
    return jwt.encode(said, private_key(key), "RS256", {"kid": kid} if kid else {})


def answered(url, key="platform", **changes):
    """What the platform posts to us after a login sent the browser to `url`."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return {"state": asked["state"], "id_token": signed(claims(asked["nonce"], **changes), key)}
