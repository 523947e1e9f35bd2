"""What resources, datasets and times are called in OAI-PMH, both ways."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from data.harvesting.oai import DAYS, SECONDS

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


def identifier_of(resource_id: str, domain: str) -> str:
    """The identifier of a resource, which is a URI: its id if it is one, so that it stays.

    It stays even where it looks like one of ours, or it would grow each time that two systems
    harvest each other.
    """
    if _URI.fullmatch(resource_id):
        return resource_id
    return f"oai:{domain}:{quote(resource_id, safe='')}"


def resources_of(identifier: str, domain: str) -> list[str]:
    """The ids that a resource of that identifier may have, the likeliest first."""
    own = f"oai:{domain}:"
    ours = [unquote(identifier.removeprefix(own))] if identifier.startswith(own) else []
    return [one for one in (*ours, identifier) if "\0" not in one]  # which no database takes


def set_of(dataset: str) -> str:
    """The set of a dataset: its name in the characters that a set may have."""
    return quote(dataset, safe="").replace("%", "!")


def dataset_of(set_: str) -> str:
    """The dataset of a set."""
    return unquote(set_.replace("!", "%")).replace("\0", "")


def stamp(time: float) -> str:
    """A time (Unix seconds) as a date of OAI-PMH."""
    return datetime.fromtimestamp(time, UTC).strftime(SECONDS)


def span_of(written: str) -> tuple[float, float]:
    """The second or the day that a date names: when it begins, and when it is over (Unix seconds).

    Raises ValueError if it is none.
    """
    if len(written) == len("2000-01-01"):
        begin, length = datetime.strptime(written, DAYS), timedelta(days=1)
    else:
        begin, length = datetime.strptime(written, SECONDS), timedelta(seconds=1)
    begin = begin.replace(tzinfo=UTC)
    return begin.timestamp(), begin.timestamp() + length.total_seconds()
