"""What each role may do: one table of methods and places, and the least role that each takes."""

from fnmatch import fnmatchcase
from typing import Final

from data.catalogue.keys import Role

ANY: Final = "*"
# The first line that fits counts. What no line names can be read by all, and written by few.
RULES: Final = (
    ("GET", "/administration/jobs", Role.CURATOR),  # who imports follows the import
    (ANY, "/administration", Role.ADMINISTRATOR),
    ("GET", "/v1/erasures", Role.ADMINISTRATOR),
    ("DELETE", "/v1/learners", Role.ADMINISTRATOR),
    (ANY, "/models", Role.SCIENTIST),
    (ANY, "/curate", Role.CURATOR),
    (ANY, "/v1/decisions", Role.CURATOR),
    (ANY, "/v1/decisions.csv", Role.CURATOR),
    (ANY, "/v1/crosswalks/decisions", Role.CURATOR),
    (ANY, "/decisions", Role.CURATOR),
    (ANY, "/undo", Role.CURATOR),
    ("POST", "/v1/resources", Role.CURATOR),
    ("PUT", "/v1/resources", Role.CURATOR),
    (ANY, "/learners", Role.LEARNER),
    (ANY, "/v1/learners", Role.LEARNER),
    (ANY, "/v1/interactions", Role.LEARNER),
    (ANY, "/xapi/statements", Role.LEARNER),
    ("POST", "/coverage/editions", Role.CURATOR),
    ("POST", "/lists", Role.LEARNER),
    ("POST", "/v1/projects/*/learn", Role.CURATOR),
    ("POST", "/v1/projects", Role.READER),
    ("POST", "/recommend", Role.READER),
    ("POST", "/embed-content", Role.CURATOR),
    ("POST", "/v1/suggestions", Role.READER),
    ("POST", "/v1/suggestions:batch", Role.READER),
    ("POST", "/suggest", Role.READER),
    ("POST", "/oai", Role.READER),
    ("POST", "/preferences", Role.READER),
    ("POST", "/sign-out", Role.READER),
    ("GET", "", Role.READER),
    (ANY, "", Role.ADMINISTRATOR),
)


def least_role(method: str, path: str) -> Role:
    """The least role that may send this method to this path."""
    asked = "GET" if method in {"HEAD", "OPTIONS"} else method
    return next(
        role for rule, place, role in RULES if rule in (ANY, asked) and _is_within(path, place)
    )


def _is_within(path: str, place: str) -> bool:
    """Whether a path is at a place or below it; `*` in a place stands for anything."""
    if ANY in place:
        return fnmatchcase(path, place)
    return path == place or path.startswith(f"{place}/")
