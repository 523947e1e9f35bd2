"""The token that says who somebody is: checked as a whole, or refused."""

from collections.abc import Mapping
from typing import Any, Final

import jwt

from service.access.oidc.provider import ALGORITHMS, Provider

LEEWAY: Final = 30
"""Seconds by which the clocks of two machines may differ."""

_REQUIRED: Final = ["exp", "iat", "iss", "aud", "sub", "nonce"]


def checked_claims(token: str, provider: Provider, client: str) -> Mapping[str, Any] | None:
    """The claims of a token that the provider signed for this client, now; None if it did not."""
    try:
        header = jwt.get_unverified_header(token)
        algorithm = str(header.get("alg"))
        key = provider.key(header.get("kid")) if algorithm in ALGORITHMS else None
        if key is None:
            return None
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            [algorithm],
            {"require": _REQUIRED, "enforce_minimum_key_length": True},
            audience=client,
            issuer=provider.issuer,
            leeway=LEEWAY,
        )
    except jwt.PyJWTError:
        return None
    is_shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    authorised = claims.get("azp", None if is_shared else client)
    return claims if authorised == client else None
