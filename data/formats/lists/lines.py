"""What a list says of each of its resources."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.records import Outcome, Resource, ResourceList


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One resource of a list, in its place from 1 on.

    `resource` is None where it is not in the catalogue any more, and `address` is then "".
    `outcomes` are those that it teaches or assesses.
    """

    position: int
    id: str
    resource: Resource | None
    address: str
    outcomes: tuple[Outcome, ...] = ()
    note: str = ""

    @property
    def title(self) -> str:
        """What it is called."""
        return (self.resource.title if self.resource else "") or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list with its lines, in their order; `address` is where it can be read."""

    list: ResourceList
    address: str
    lines: Sequence[Line]


def called(outcome: Outcome) -> str:
    """An outcome in one line: its code, if it has one, and its title."""
    title = outcome.title or outcome.description
    return f"{outcome.code} {title}" if outcome.code else title
