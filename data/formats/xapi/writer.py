"""An interaction that came as a statement → a statement of what is kept of it.

Read again it makes the same interaction. What was never kept is not made up: the words of an
answer, `success` beside a score, who else took part, and when it came.
"""

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from data.formats.xapi.results import EVENTS
from data.formats.xapi.statement import XAPI
from data.records import Interaction

VERSION: Final = "1.0.0"  # as the standard has it in statements of any 1.0.x
_ADL: Final = "http://adlnet.gov/expapi/verbs/"
_TIN_CAN: Final = "http://id.tincanapi.com/verb/"
VERBS: Final = {
    word: (_TIN_CAN if word in ("skipped", "viewed") else _ADL) + word for word in EVENTS
}
"""Word of a verb → the address under which it is given back."""


def statement_of(id_: str, interaction: Interaction, site: str) -> dict[str, Any]:
    """The statement of that id; `site` is the address of this service."""
    kept = interaction.extra[XAPI]
    site = site.rstrip("/")
    object_, *around = _things(interaction, site)
    account = {"homePage": site, "name": interaction.learner}
    result: dict[str, Any] = {}
    if interaction.score is not None:
        result["score"] = {"scaled": interaction.score}
    if "duration" in kept:
        result["duration"] = kept["duration"]
    statement = {
        "id": id_,
        "actor": {"objectType": "Agent", "account": account},
        "verb": {"id": VERBS[kept["verb"]]},
        "object": _activity(object_),
        "timestamp": moment(interaction.time),
        "version": VERSION,
    }
    if result:
        statement["result"] = result
    if around:
        activities = {"parent": [_activity(one) for one in around]}
        statement["context"] = {"contextActivities": activities}
    return statement


def moment(seconds: float) -> str:
    """A time (Unix seconds) as ISO 8601 has it, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _things(one: Interaction, site: str) -> list[str]:
    """The addresses of what it was about itself, then of what else it named."""
    resource = [] if one.resource is None else [f"{site}/resources/{quote(one.resource, safe='')}"]
    outcomes = {id_: f"{site}/outcomes/{quote(id_, safe='')}" for id_ in one.outcomes}
    item = [] if one.item is None else [outcomes.pop(one.item, one.item)]
    return [*item, *resource, *outcomes.values()]


def _activity(address: str) -> dict[str, str]:
    return {"objectType": "Activity", "id": address}
