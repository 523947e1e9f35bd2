"""The answer to a platform that asked for content: what was chosen, signed by us."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt

from data.catalogue.lti import LtiPlatform
from service.lti.claims import DEEP_LINKING, LTI, VERSION, Asked
from service.lti.keys import ALGORITHM, KeyPair
from service.lti.places import Place

PAGE: Final = "ltiResourceLink"
LINK: Final = "link"
SECONDS: Final = 600
LONGEST_TEXT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What someone chose: a page of ours, and the address of what it is about, if it has one."""

    place: Place
    title: str
    text: str = ""
    link: str | None = None


def item(chosen: Chosen, type_: str, public_url: str) -> dict[str, Any]:
    """The content item that stands for a choice, as a page of ours or as a plain link."""
    here = public_url.rstrip("/") + chosen.place.path
    is_page = type_ == PAGE
    made: dict[str, Any] = {
        "type": type_,
        "title": chosen.title,
        "url": here if is_page else chosen.link or here,
    }
    if chosen.text:
        made["text"] = chosen.text[:LONGEST_TEXT]
    if is_page:
        # Platforms that lose the address of a link still send its parameters.
        made["custom"] = {"page": chosen.place.path}
    return made


def answer(
    platform: LtiPlatform, asked: Asked, items: Sequence[dict[str, Any]], pair: KeyPair
) -> str:
    """The signed answer, to be posted to `asked.return_url` as the field `JWT`."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": platform.client_id,
        "aud": platform.issuer,
        "iat": now,
        "exp": now + SECONDS,
        "nonce": secrets.token_urlsafe(16),
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": VERSION,
        f"{LTI}deployment_id": asked.deployment,
        f"{DEEP_LINKING}content_items": list(items),
    }
    if asked.data is not None:
        claims[f"{DEEP_LINKING}data"] = asked.data
    return jwt.encode(claims, pair.private, ALGORITHM, {"kid": pair.jwk["kid"]})
