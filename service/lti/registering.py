"""What an administrator says of a learning platform → a platform, or what is wrong with it."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from data.catalogue.lti import LtiPlatform
from data.errors import GatewaysError
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
    GatewaysError.
    """
    given = {field: (value or "").strip() for field, value in texts.items()}
    for field, value in {"name": name, "client id": given["client_id"]}.items():
        if not 0 < len(value) <= ID_LIMIT or not value.isprintable():
            raise GatewaysError(f"the {field} has 1 to {ID_LIMIT} printable characters")
    if not deployments or not all(0 < len(one) <= ID_LIMIT for one in deployments):
        raise GatewaysError(f"a deployment has 1 to {ID_LIMIT} characters; name at least one")
    for field in ("issuer", "authorisation_url", "token_url", "jwks_url"):
        if given[field] or field in ("issuer", "authorisation_url"):
            place_of(given[field])
    if bool(given["jwks_url"]) == (jwks is not None):
        raise GatewaysError("give the platform's keys either as an address or as a file")
    return LtiPlatform(
        name=name,
        issuer=given["issuer"],
        client_id=given["client_id"],
        deployments=tuple(dict.fromkeys(deployments)),
        authorisation_url=given["authorisation_url"],
        token_url=given["token_url"] or None,
        jwks_url=given["jwks_url"] or None,
        jwks=_checked(jwks),
        origins=_origins([given["issuer"], given["authorisation_url"], *frames]),
        created=time.time(),
    )


def _checked(jwks: Any) -> Mapping[str, Any] | None:
    if jwks is None:
        return None
    try:
        return {"keys": [dict(one) for one in keys_in(jwks)]}
    except ValueError as error:
        raise GatewaysError(f"the platform's keys: {error}") from None


def _origins(addresses: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for address in addresses:
        origin = origin_of(address)
        if origin is None:
            raise GatewaysError(f"{shown(address)} has no origin such as https://example.org")
        found[origin] = None
    return tuple(found)
