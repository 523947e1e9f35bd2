"""Checks of where a resource is, and of who can get at it."""

from typing import Final
from urllib.parse import parse_qsl, urlsplit

from data.downloadable import is_downloadable
from evaluation.conformance.checks.base import ResourceCheck, Seen
from evaluation.conformance.findings import NOT_APPLICABLE, Finding, failed, not_known, passed

_TRACKING: Final = frozenset(
    {
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "oly_anon_id",
        "oly_enc_id",
        "vero_id",
        "_hsenc",
        "_hsmi",
        "_ga",
        "_gl",
        "s_cid",
    }
)


class SecureAddress(ResourceCheck):
    """Its address is an https one, with neither a password nor parameters that follow readers."""

    def __call__(self, seen: Seen) -> Finding:
        """What is wrong with the address, if there is one."""
        if not seen.resource.url:
            return NOT_APPLICABLE
        try:
            parts = urlsplit(seen.resource.url)
            asked = [name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
        except ValueError:
            return failed("the address cannot be read")
        if parts.scheme.lower() != "https" or not parts.hostname:
            return failed("the address does not begin with https")
        if "@" in parts.netloc:
            return failed("the address has a name or a password in it")
        following = sorted({one for one in asked if one in _TRACKING or one.startswith("utm_")})
        if following:
            return failed("the address follows readers: %(names)s", names=", ".join(following))
        return passed()


class Offline(ResourceCheck):
    """Its source lets it be downloaded, so that it can be used without a network."""

    def __call__(self, seen: Seen) -> Finding:
        """What the source says of downloading."""
        found = is_downloadable(seen.resource)
        if found is None:
            return not_known("its source does not say whether it can be downloaded")
        return passed() if found else failed("its source does not let it be downloaded")


class LinkAlive(ResourceCheck):
    """Its address answers, if links are asked for at all."""

    def __call__(self, seen: Seen) -> Finding:
        """What came of asking."""
        if not seen.resource.url:
            return NOT_APPLICABLE
        return seen.link or not_known("not asked for")
