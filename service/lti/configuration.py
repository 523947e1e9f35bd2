"""What a platform must know of us, as its administrators copy it or as a program reads it."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from service.lti.claims import Message
from service.lti.places import JWKS, LAUNCH, LOGIN

TITLE: Final = "Gateways"
DESCRIPTION: Final = "Learning content found by curriculum, and a learner’s next steps."


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Our addresses; a platform asks for them under these or other names."""

    login: str
    launch: str
    deep_linking: str
    jwks: str


def addresses(public_url: str) -> Addresses:
    """The addresses below the one under which others reach us."""
    base = public_url.rstrip("/")
    launch = base + LAUNCH
    return Addresses(login=base + LOGIN, launch=launch, deep_linking=launch, jwks=base + JWKS)


def configuration(public_url: str) -> dict[str, Any]:
    """All of it as JSON, in the form that Canvas reads and others resemble.

    It asks for no scopes and for no names.
    """
    ours = addresses(public_url)
    placements = [
        _placement("course_navigation", Message.RESOURCE_LINK, ours.launch),
        _placement("link_selection", Message.DEEP_LINKING, ours.deep_linking),
        _placement("editor_button", Message.DEEP_LINKING, ours.deep_linking),
    ]
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "oidc_initiation_url": ours.login,
        "target_link_uri": ours.launch,
        "public_jwk_url": ours.jwks,
        "scopes": [],
        "custom_fields": {},
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": urlsplit(ours.launch).hostname,
                "privacy_level": "anonymous",
                "settings": {"placements": placements},
            }
        ],
    }


def _placement(place: str, message: Message, address: str) -> dict[str, str]:
    return {
        "placement": place,
        "message_type": message.value,
        "target_link_uri": address,
        "text": TITLE,
    }
