"""Signing in at a provider and back: the code flow with PKCE, a state and a nonce (OIDC Core 1.0).

What was begun is known again by a token that we seal and that the browser keeps, so that any server
can go on with it, and only in that browser.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from starlette.exceptions import HTTPException

from data.errors import GatewaysError
from data.harvesting.fetching import Fetcher
from data.settings import Settings
from service.access.oidc.id_token import checked_claims
from service.access.oidc.provider import Provider
from service.access.security import PROVIDER_BACK
from service.lti.tokens import Seal

SECONDS: Final = 600
MOST_BYTES: Final = 500_000
PATIENCE: Final = 10.0  # seconds, since somebody waits
_PURPOSE: Final = "openid"


class RefusedError(HTTPException):
    """Whoever came back was not signed in, or not for us, now, in this browser."""

    def __init__(self, reason: str) -> None:
        super().__init__(403, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in that was begun in a browser, and where the person wanted to go."""

    state: str
    nonce: str
    verifier: str
    back: str


class Login:
    """Sends people to the provider, and tells who comes back. Safe to share between threads."""

    def __init__(self, settings: Settings, seal: Seal) -> None:
        self._settings = settings
        self._seal = seal
        fetcher = Fetcher(
            private=settings.harvest_private, max_body=MOST_BYTES, timeout=PATIENCE, tries=1
        )
        self.provider = Provider(settings.oidc_issuer or "", fetcher)

    def begin(self, back: str) -> tuple[str, str]:
        """Where the person goes on, and the token that their browser keeps for SECONDS.

        Raises UnavailableError where the provider does not answer.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._redirect,
            "scope": self._settings.oidc_scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        url = self.provider.places().authorisation
        begun = Begun(state=state, nonce=nonce, verifier=verifier, back=back)
        token = self._seal.sealed(_PURPOSE, asdict(begun), SECONDS)
        return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(asked)}", token

    def finish(self, sent: Mapping[str, str], token: str) -> tuple[Mapping[str, Any], str]:
        """The checked claims of who came back, and where they wanted to go.

        Raises RefusedError, or UnavailableError where the provider does not answer.
        """
        begun = self._opened(token)
        if begun is None or not _same(begun.state, sent.get("state", "")):
            raise RefusedError("this was not begun in this browser, or too long ago; sign in again")
        is_said = self.provider.places().says_who or "iss" in sent
        if is_said and sent.get("iss") != self.provider.issuer:
            raise RefusedError("another provider of identities answered; sign in again")
        if "error" in sent or not sent.get("code"):
            raise RefusedError("the provider of identities did not sign you in; try again there")
        try:
            answer = self.provider.redeemed(*self._redeeming(sent["code"], begun))
        except GatewaysError:
            raise RefusedError("the provider of identities did not take this; try again") from None
        claims = checked_claims(
            str(answer.get("id_token", "")), self.provider, self._settings.oidc_client_id
        )
        if claims is None or not _same(begun.nonce, str(claims["nonce"])):
            raise RefusedError("what the provider of identities sent does not hold; sign in again")
        return claims, begun.back

    @property
    def _redirect(self) -> str:
        return self._settings.public_url.rstrip("/") + PROVIDER_BACK

    def _redeeming(self, code: str, begun: Begun) -> tuple[dict[str, str], dict[str, str]]:
        """The form and the headers with which a code is redeemed."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": begun.verifier,
            "client_id": self._settings.oidc_client_id,
        }
        secret = self._settings.oidc_client_secret
        if secret is None:
            return form, {}
        told = f"{quote(form['client_id'], safe='')}:{quote(secret.get_secret_value(), safe='')}"
        basic = base64.b64encode(told.encode()).decode()
        return form, {"Authorization": f"Basic {basic}"}

    def _opened(self, token: str) -> Begun | None:
        found = self._seal.opened(_PURPOSE, token)
        return None if found is None else Begun(**{name: found[name] for name in Begun.__slots__})


def _same(expected: str, sent: str) -> bool:
    return hmac.compare_digest(expected.encode(), sent.encode(errors="replace"))
