"""Record → the text that is encoded: the same in training and in serving.

A change of these functions changes every vector: raise TEXT_VERSION with it.
"""

from collections.abc import Mapping, Sequence

from data.records import Outcome, Resource
from models.suggestion import Carried, Query

TEXT_VERSION = 1
PATH_SEPARATOR = " › "


def outcome_path(outcome: Outcome, outcomes: Mapping[str, Outcome]) -> tuple[str, ...]:
    """Titles from the root of the framework down to the outcome itself.

    `outcomes` holds its ancestors by id; a missing or repeated ancestor ends the walk.
    """
    titles: list[str] = []
    seen: set[str] = set()
    node: Outcome | None = outcome
    while node is not None and node.id not in seen:
        seen.add(node.id)
        titles.append(node.title)
        node = outcomes.get(node.parent) if node.parent else None
    return tuple(reversed(titles))


def outcome_text(outcome: Outcome, path: Sequence[str]) -> str:
    """«Mathematics › Fractions › Compare two fractions» and the description.

    Ancestors are part of it since a title such as «Part 2» says nothing alone.
    """
    return _joined(PATH_SEPARATOR.join(path), outcome.description)


def resource_text(resource: Resource) -> str:
    """Title, description and body. Subject and levels are left out: they are features."""
    return _joined(resource.title, resource.description, resource.text)


def query_of(resource: Resource, carried: Sequence[Carried] = ()) -> Query:
    """What is asked for a resource: its text, in its language, with what else is known of it."""
    return Query(
        text=resource_text(resource),
        language=resource.language,
        resource=resource.id,
        subject=resource.subject,
        levels=resource.levels,
        carried=tuple(carried),
    )


def query_of_outcome(outcome: Outcome, path: Sequence[str]) -> Query:
    """What is asked for an outcome, as if it were a resource that teaches it."""
    return Query(
        text=_joined(outcome.title, outcome.description, PATH_SEPARATOR.join(path[:-1])),
        language=outcome.language,
        subject=outcome.subject,
        levels=outcome.levels,
    )


def _joined(*parts: str) -> str:
    return "\n".join(part.strip() for part in parts if part.strip())
