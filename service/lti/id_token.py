"""The token that a platform sends at a launch: checked as a whole, or refused."""

import hmac
from collections.abc import Mapping
from typing import Any, Final

import jwt

from data.catalogue.lti import LtiPlatform
from service.lti.claims import LTI, VERSION
from service.lti.keys import ALGORITHM
from service.lti.platform_keys import PlatformKeys
from service.lti.refusals import LaunchError, Reason

LEEWAY: Final = 30
"""Seconds by which the clocks of two machines may differ."""


def checked_claims(
    token: str, platform: LtiPlatform, keys: PlatformKeys, nonce: str
) -> Mapping[str, Any]:
    """The claims of a token that this platform signed for us, now, for this nonce.

    Raises LaunchError.
    """
    claims = _signed(token, platform, keys)
    audience = claims["aud"]
    is_shared = isinstance(audience, list) and len(audience) > 1
    authorised = claims.get("azp", None if is_shared else platform.client_id)
    if authorised != platform.client_id:
        raise LaunchError(Reason.CLAIMS)
    if not hmac.compare_digest(str(claims["nonce"]).encode(errors="replace"), nonce.encode()):
        raise LaunchError(Reason.STATE)
    if claims.get(f"{LTI}deployment_id") not in platform.deployments:
        raise LaunchError(Reason.DEPLOYMENT)
    if claims.get(f"{LTI}version") != VERSION:
        raise LaunchError(Reason.MESSAGE)
    return claims


def _signed(token: str, platform: LtiPlatform, keys: PlatformKeys) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != ALGORITHM:
            raise LaunchError(Reason.SIGNATURE)
        return jwt.decode(
            token,
            keys.key(platform, header.get("kid")),
            [ALGORITHM],
            {
                "require": ["exp", "iat", "iss", "aud", "nonce"],
                "enforce_minimum_key_length": True,
                "verify_sub": False,  # some platforms send a number
            },
            audience=platform.client_id,
            issuer=platform.issuer,
            leeway=LEEWAY,
        )
    except (jwt.DecodeError, jwt.InvalidKeyError, jwt.InvalidAlgorithmError):
        raise LaunchError(Reason.SIGNATURE) from None
    except jwt.InvalidTokenError:
        raise LaunchError(Reason.CLAIMS) from None
