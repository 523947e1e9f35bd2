"""Why a launch is refused."""

from enum import StrEnum

from data.errors import GatewaysError


class Reason(StrEnum):
    """What was wrong."""

    UNKNOWN = "unknown platform"
    INCOMPLETE = "incomplete request"
    BROKEN_OFF = "broken off by the platform"
    STATE = "state not of this browser, or over"
    KEYS = "keys of the platform cannot be read"
    SIGNATURE = "signature"
    CLAIMS = "issuer, audience or time"
    USED = "nonce used before"
    DEPLOYMENT = "unknown deployment"
    MESSAGE = "kind of message"
    LEARNER_KEY = "no learner_key is set"
    OVER = "launch over"
    NOT_HERE = "outside of what the launch may see"
    NOTHING_ACCEPTED = "no kind of content is accepted that there is"


class LaunchError(GatewaysError):
    """A launch, or what was asked of it, is refused."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
