"""Short-lived tokens that we seal ourselves: the state of a login, and what a launch may see.

Others may seal what they like with it, for a purpose of their own (`Seal.sealed`).
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import jwt

from service.lti.keys import LtiKeys

STATE_SECONDS: Final = 600
VISIT_SECONDS: Final = 2 * 3600
_ALGORITHM = "HS256"


class Scope(StrEnum):
    """What a launch may see, besides single resources, outcomes and lists."""

    FIND = "find"
    STEPS = "steps"
    CHOOSE = "choose"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A login that was begun: with which platform, in which browser, under which nonce."""

    platform: str
    browser: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A launch that was let in; `learner` is a pseudonym, "" unless the scope is their steps.

    `language` is that of the pages around ours, "" if it is not known.
    """

    platform: str
    scope: Scope
    nonce: str
    learner: str = ""
    language: str = ""


class Seal:
    """Seals and opens tokens; what is opened was sealed here, for this, and is not over."""

    def __init__(self, keys: LtiKeys) -> None:
        self._keys = keys

    def state(self, state: State) -> str:
        """A login's state as a token."""
        claims = {"p": state.platform, "b": state.browser, "n": state.nonce}
        return self.sealed("state", claims, STATE_SECONDS)

    def opened_state(self, token: str) -> State | None:
        """The state in a token, None if it is none of ours or over."""
        found = self.opened("state", token)
        if found is None:
            return None
        return State(platform=found["p"], browser=found["b"], nonce=found["n"])

    def visit(self, visit: Visit) -> str:
        """A visit as a token, which stands for it in the path of its pages."""
        claims = {
            "p": visit.platform,
            "s": visit.scope.value,
            "n": visit.nonce,
            "l": visit.learner,
            "g": visit.language,
        }
        return self.sealed("visit", claims, VISIT_SECONDS)

    def opened_visit(self, token: str) -> Visit | None:
        """The visit in a token, None if it is none of ours or over."""
        found = self.opened("visit", token)
        if found is None:
            return None
        return Visit(
            platform=found["p"],
            scope=Scope(found["s"]),
            nonce=found["n"],
            learner=found["l"],
            language=found["g"],
        )

    def sealed(self, purpose: str, claims: Mapping[str, str], seconds: int) -> str:
        """Claims as a token that is good for so long, and for this purpose alone."""
        ends = int(time.time()) + seconds
        seal = self._keys.current().seal
        return jwt.encode({**claims, "aud": purpose, "exp": ends}, seal, _ALGORITHM)

    def opened(self, purpose: str, token: str) -> dict[str, Any] | None:
        """The claims in a token, None if it was not sealed here for this purpose, or is over."""
        for pair in self._keys.all():
            with suppress(jwt.InvalidTokenError):
                return jwt.decode(
                    token,
                    pair.seal,
                    [_ALGORITHM],
                    {"require": ["exp", "aud"]},
                    audience=purpose,
                )
        return None
