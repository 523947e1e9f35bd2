"""What a learner did and how it went: a verb → an event, a result → a score between 0 and 1."""

import re
from collections.abc import Mapping
from typing import Any, Final

from data.formats.fields import RowError, number, shown
from data.records import Event

VOIDED: Final = "http://adlnet.gov/expapi/verbs/voided"
# By the last word of a verb's address, since the same verbs stand at several.
EVENTS: Final[Mapping[str, Event]] = {
    "answered": Event.ATTEMPTED,
    "attempted": Event.ATTEMPTED,
    "completed": Event.COMPLETED,
    "failed": Event.COMPLETED,
    "mastered": Event.COMPLETED,
    "passed": Event.COMPLETED,
    "experienced": Event.VIEWED,
    "launched": Event.VIEWED,
    "progressed": Event.VIEWED,
    "viewed": Event.VIEWED,
    "skipped": Event.SKIPPED,
}
_SAYS_HOW_IT_WENT: Final = {"failed": 0.0, "mastered": 1.0, "passed": 1.0}
_DURATION: Final = re.compile(
    r"P(?=\d|T\d)(?:\d{1,9}Y)?(?:\d{1,9}M)?(?:\d{1,9}W)?(?:\d{1,9}D)?"
    r"(?:T(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}(?:[.,]\d{1,9})?S)?)?"
)


def verb_in(statement: Mapping[str, Any]) -> str:
    """The address of the verb. Raises RowError."""
    verb = statement.get("verb")
    name = verb.get("id") if isinstance(verb, dict) else None
    if not isinstance(name, str) or not name:
        raise RowError("verb.id is missing; it must be the address of a verb")
    return name


def word_of(verb: str) -> str:
    """Which of the words of EVENTS a verb is. Raises RowError that lists them."""
    word = re.split(r"[/#]", verb)[-1].lower()
    if word not in EVENTS:
        raise RowError(f"verb {shown(verb)} says nothing here; what does: {', '.join(EVENTS)}")
    return word


def result_in(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    """The result, which may be missing. Raises RowError for one that is no object."""
    result = statement.get("result")
    if result is not None and not isinstance(result, dict):
        raise RowError(f"result is {shown(result)}; it must be an object")
    return result or {}


def score_of(word: str, result: Mapping[str, Any]) -> float | None:
    """How it went: by the score, else by success, else by the verb. Raises RowError."""
    if EVENTS[word] in (Event.VIEWED, Event.SKIPPED):
        return None
    score = result.get("score")
    if isinstance(score, dict) and (found := _scored(score)) is not None:
        return found
    if isinstance(success := result.get("success"), bool):
        return float(success)
    return _SAYS_HOW_IT_WENT.get(word)


def duration_of(result: Mapping[str, Any]) -> str | None:
    """How long it took, as ISO 8601 has it; what is not written so says nothing."""
    duration = result.get("duration")
    is_one = isinstance(duration, str) and _DURATION.fullmatch(duration)
    return duration if is_one else None


def _scored(score: Mapping[str, Any]) -> float | None:
    if (scaled := number(score, "scaled")) is not None:
        if not -1 <= scaled <= 1:
            raise RowError(f"result.score.scaled is {scaled:g}; it must lie between -1 and 1")
        return max(0.0, scaled)
    raw, least, most = (number(score, name) for name in ("raw", "min", "max"))
    least = least or 0.0
    if raw is None or most is None or most <= least:
        return None
    share = (raw - least) / (most - least)
    if not 0 <= share <= 1:
        raise RowError(f"result.score.raw is {raw:g}; it must lie between min and max")
    return share
