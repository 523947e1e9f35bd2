"""A launch from its beginning to the page that it opens: login, token, visit."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final
from urllib.parse import urlencode, urlsplit

from data.catalogue import Catalogue
from data.catalogue.lti import LtiPlatform
from data.harvesting.fetching import Fetcher
from data.pseudonyms import pseudonym_of_subject
from data.settings import Settings
from data.workspace import Workspace
from service.lti.claims import Asked, Launch, launch_of
from service.lti.id_token import checked_claims
from service.lti.keys import LtiKeys
from service.lti.places import LAUNCH, VISITS, place_at
from service.lti.platform_keys import PlatformKeys
from service.lti.refusals import LaunchError, Reason
from service.lti.tokens import VISIT_SECONDS, Scope, Seal, State, Visit

MOST_KEYS_BYTES: Final = 500_000
PATIENCE: Final = 5.0  # seconds, since somebody waits
PASSED_ON: Final = ("framework", "level")
"""Custom parameters of a link that say where a learner stands."""


class Tool:
    """What we are to learning platforms. Safe to share between threads."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self.keys = LtiKeys(Workspace(settings.home).lti)
        self.seal = Seal(self.keys)
        self._platform_keys = PlatformKeys(
            Fetcher(private=settings.harvest_private, max_body=MOST_KEYS_BYTES, timeout=PATIENCE)
        )

    @property
    def public_url(self) -> str:
        """Where we are, without a slash at its end."""
        return self._settings.public_url.rstrip("/")

    def login(self, sent: Mapping[str, str], browser: str) -> str:
        """Where a platform's login goes on: to the platform itself. Raises LaunchError."""
        if not all(sent.get(name, "").isprintable() for name in ("iss", "client_id")):
            raise LaunchError(Reason.UNKNOWN)  # no database need be asked for it, and some object
        found = self._catalogue.lti_platforms.of_issuer(sent.get("iss", ""), sent.get("client_id"))
        if len(found) != 1:
            raise LaunchError(Reason.UNKNOWN)
        if not sent.get("login_hint"):
            raise LaunchError(Reason.INCOMPLETE)
        nonce = secrets.token_urlsafe(24)
        state = State(platform=found[0].name, browser=_digest(browser), nonce=nonce)
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": found[0].client_id,
            "redirect_uri": self.public_url + LAUNCH,
            "login_hint": sent["login_hint"],
            "state": self.seal.state(state),
            "nonce": nonce,
        }
        if hint := sent.get("lti_message_hint"):
            asked["lti_message_hint"] = hint
        url = found[0].authorisation_url
        return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(asked)}"

    def launch(self, sent: Mapping[str, str], browser: str) -> str:
        """The path of the page that a launch opens, with its token. Raises LaunchError."""
        state = self.seal.opened_state(sent.get("state", ""))
        if state is None or not hmac.compare_digest(state.browser, _digest(browser)):
            raise LaunchError(Reason.STATE)
        if "error" in sent:
            raise LaunchError(Reason.BROKEN_OFF)
        platform = self._catalogue.lti_platforms.get(state.platform)
        if platform is None:
            raise LaunchError(Reason.UNKNOWN)
        token = sent.get("id_token", "")
        claims = checked_claims(token, platform, self._platform_keys, state.nonce)
        launched = launch_of(claims)
        now = time.time()
        asked = asdict(launched.asked) if launched.asked else None
        if not self._catalogue.lti_launches.begin(
            state.nonce, asked, now=now, expires=now + VISIT_SECONDS
        ):
            raise LaunchError(Reason.USED)
        return self._opened(launched, platform, state.nonce)

    def visit(self, token: str) -> Visit:
        """What a token lets its bearer see. Raises LaunchError."""
        visit = self.seal.opened_visit(token)
        if visit is None or self._catalogue.lti_platforms.get(visit.platform) is None:
            raise LaunchError(Reason.OVER)
        return visit

    def choice(self, visit: Visit) -> tuple[LtiPlatform, Asked]:
        """Who asked for content at this visit, and how. Raises LaunchError."""
        platform = self._catalogue.lti_platforms.get(visit.platform)
        asked = self._catalogue.lti_launches.asked(visit.nonce)
        if platform is None or asked is None:
            raise LaunchError(Reason.OVER)
        return platform, Asked(**{**asked, "types": tuple(asked["types"])})

    def _opened(self, launched: Launch, platform: LtiPlatform, nonce: str) -> str:
        place = place_at(launched.target, self.public_url) or place_at(
            launched.custom.get("page", ""), self.public_url
        )
        scope, path, learner = Scope.FIND, "/find", ""
        if launched.asked:
            scope, path = Scope.CHOOSE, "/choose"
        elif place is not None:
            scope, path = Scope.PAGE, place.path
        elif launched.subject and not launched.is_teacher:
            scope, path = Scope.STEPS, _steps(launched.custom)
            learner = self._pseudonym(platform, launched.subject)
        visit = Visit(
            platform=platform.name,
            scope=scope,
            nonce=nonce,
            learner=learner,
            language=launched.language,
        )
        return f"{VISITS}{self.seal.visit(visit)}{path}"

    def _pseudonym(self, platform: LtiPlatform, subject: str) -> str:
        key = self._settings.learner_key
        if key is None:  # the subject itself may be what others know the person by
            raise LaunchError(Reason.LEARNER_KEY)
        return pseudonym_of_subject(platform.issuer, subject, key)


def _steps(custom: Mapping[str, str]) -> str:
    stands = {name: custom[name] for name in PASSED_ON if custom.get(name)}
    return f"/steps?{urlencode(stands)}" if stands else "/steps"


def _digest(browser: str) -> str:
    """What is said of a browser in a state, which others read."""
    return hashlib.sha256(browser.encode()).hexdigest()
