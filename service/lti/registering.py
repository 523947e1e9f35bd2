"""What an administrator says of a learning platform → a platform, or what is wrong with it."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from data.catalogue.lti import LtiPlatform
from data.errors import FieldError, GatewaysError
from data.formats.fields import ID_LIMIT, shown
from data.harvesting.urls import place_of
from service.lti.origins import origin_of
from service.lti.platform_keys import keys_in


def platform_of(
    name: str,
    texts: Mapping[str, str | None],
    deployments: Sequence[str],
    jwks: Any = None,
    frames: Sequence[str] = (),
) -> LtiPlatform:
    """The platform that these make; `texts` has its issuer, client id and addresses.

    Its pages are at its issuer's and its login's origin, and at those of `frames`. Raises
    FieldError.
    """
    given = {field: (value or "").strip() for field, value in texts.items()}
    for field, value in {"name": name, "client_id": given["client_id"]}.items():
        if not 0 < len(value) <= ID_LIMIT or not value.isprintable():
            raise FieldError(field, f"has 1 to {ID_LIMIT} printable characters")
    if not deployments or not all(0 < len(one) <= ID_LIMIT for one in deployments):
        raise FieldError(
            "deployments", f"are at least one, and each has 1 to {ID_LIMIT} characters"
        )
    for field in ("issuer", "authorisation_url", "token_url", "jwks_url"):
        if given[field] or field in ("issuer", "authorisation_url"):
            _check_address(field, given[field])
    if bool(given["jwks_url"]) == (jwks is not None):
        raise FieldError("jwks_url", "is given, or else the platform's keys themselves: one of two")
    return LtiPlatform(
        name=name,
        issuer=given["issuer"],
        client_id=given["client_id"],
        deployments=tuple(dict.fromkeys(deployments)),
        authorisation_url=given["authorisation_url"],
        token_url=given["token_url"] or None,
        jwks_url=given["jwks_url"] or None,
        jwks=_checked(jwks),
        origins=_origins(given, frames),
        created=time.time(),
    )


def frames_of(platform: LtiPlatform) -> list[str]:
    """Under which other origins than its issuer's and its login's its pages are."""
    own = {origin_of(platform.issuer), origin_of(platform.authorisation_url)}
    return [one for one in platform.origins if one not in own]


def _check_address(field: str, url: str) -> None:
    try:
        place_of(url)
    except GatewaysError as error:
        raise FieldError(field, str(error)) from None


def _checked(jwks: Any) -> Mapping[str, Any] | None:
    if jwks is None:
        return None
    try:
        return {"keys": [dict(one) for one in keys_in(jwks)]}
    except ValueError as error:
        raise FieldError("jwks", f"cannot be used: {error}") from None


def _origins(given: Mapping[str, str], frames: Sequence[str]) -> tuple[str, ...]:
    own = {field: given[field] for field in ("issuer", "authorisation_url")}
    found: dict[str, None] = {}
    for field, address in [*own.items(), *(("frames", one) for one in frames)]:
        origin = origin_of(address)
        if origin is None:
            raise FieldError(field, f"{shown(address)} has no origin such as https://example.org")
        found[origin] = None
    return tuple(found)
