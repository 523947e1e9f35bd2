"""A launch that was refused, in words for people that tell nothing of keys, tokens or persons."""

from dataclasses import dataclass
from typing import Final

from service.lti.refusals import Reason
from service.web.wording import message

_AGAIN: Final = message("Go back to your course and open it from there again.")
_ADMINISTRATOR: Final = message(
    "If this stays, tell whoever looks after the learning platform, or whoever runs this service."
)


@dataclass(frozen=True, slots=True)
class Explained:
    """A reason as people read it, and the status that goes with it."""

    status: int
    text: str
    help: str


EXPLAINED: Final = {
    Reason.UNKNOWN: Explained(
        403, message("The learning platform that sent you is not registered here."), _ADMINISTRATOR
    ),
    Reason.INCOMPLETE: Explained(
        400, message("The learning platform left out something that is needed."), _ADMINISTRATOR
    ),
    Reason.BROKEN_OFF: Explained(
        403, message("The learning platform broke this off; you may be signed out there."), _AGAIN
    ),
    Reason.STATE: Explained(
        403, message("This was not begun in this browser, or too long ago."), _AGAIN
    ),
    Reason.KEYS: Explained(
        503,
        message("What the learning platform signed cannot be checked at the moment."),
        message("Try again in a moment, from your course."),
    ),
    Reason.SIGNATURE: Explained(
        403, message("What was sent is not signed by the learning platform."), _ADMINISTRATOR
    ),
    Reason.CLAIMS: Explained(
        403, message("What was sent is not meant for this service, or not any more."), _AGAIN
    ),
    Reason.USED: Explained(403, message("This was opened before, and opens only once."), _AGAIN),
    Reason.DEPLOYMENT: Explained(
        403,
        message("This part of the learning platform is not registered here."),
        _ADMINISTRATOR,
    ),
    Reason.MESSAGE: Explained(
        400,
        message("The learning platform asks for something that is not done here."),
        _ADMINISTRATOR,
    ),
    Reason.LEARNER_KEY: Explained(
        503,
        message("Next steps are not set up here yet."),
        message("Whoever runs this service sets a key that learners’ pseudonyms are made with."),
    ),
    Reason.OVER: Explained(403, message("This page has ended."), _AGAIN),
    Reason.NOT_HERE: Explained(404, message("What you opened does not lead here."), _AGAIN),
    Reason.NOTHING_ACCEPTED: Explained(
        422,
        message("Your course takes no links at this place."),
        message("Add content at a place of the course that takes links or external tools."),
    ),
}
