"""Our pages as platforms link to them: addresses ↔ what they show."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from data.formats.fields import ID_LIMIT

LOGIN: Final = "/lti/login"
LAUNCH: Final = "/lti/launch"
JWKS: Final = "/lti/jwks"
CONFIGURATION: Final = "/lti/configuration"
VISITS: Final = "/lti/s/"
"""Below it, by its token, a launch sees what it may."""


class Kind(StrEnum):
    """What a page can be of."""

    RESOURCE = "resources"
    OUTCOME = "outcomes"
    LIST = "lists"


@dataclass(frozen=True, slots=True)
class Place:
    """A page of ours."""

    kind: Kind
    id: str

    @property
    def path(self) -> str:
        """Its path, the same among all our pages and below a visit."""
        return f"/{self.kind.value}/{quote(self.id)}"


def place_at(address: str, public_url: str) -> Place | None:
    """The page that an address or a path of ours names, else None."""
    base = public_url.rstrip("/")
    try:
        path = urlsplit(address.strip().removeprefix(base)).path
    except ValueError:
        return None
    if address.strip().removeprefix(base)[:1] != "/":
        return None
    _, kind, id_ = (*path.split("/", 2), "", "")[:3]
    found = unquote(id_)
    if kind not in list(Kind) or not 0 < len(found) <= ID_LIMIT or not found.isprintable():
        return None
    return Place(Kind(kind), found)
