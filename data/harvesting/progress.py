"""How far the harvest of a source is: what is kept of it between two pages, and between two runs.

A page or a package is taken in first and this is kept then, so that a harvest that is killed does
its last one again, which changes nothing, and goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from data.records import Extra


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A list that was begun: `token` leads to its next page, None to its first.

    `began` is when the repository says that it began (Unix seconds); a list `since` a date has what
    changed only, any other one is `full`.
    """

    prefix: str
    since: str | None = None
    token: str | None = None
    began: float
    pages: int = 0
    volume: int = 0

    @property
    def full(self) -> bool:
        """Whether what is not in the list is gone."""
        return self.since is None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a source's `state` says. Times are in Unix seconds.

    `complete` is when the last list that was read to its end began, `counts` what became of its
    records, and `error` why the last harvest ended early, if it did. Of OAI-PMH `cursor` is the
    list that was begun. Of CASE `begun` says that a harvest was, `documents` maps the identifiers
    of packages that were taken in to when their servers say that they changed, `failed` has those
    that could not be, the one that was tried the longest ago first, and `waiting` maps those with
    statements that lead to outcomes which were not there to the frameworks that were.
    """

    cursor: Cursor | None = None
    begun: bool = False
    documents: Mapping[str, str] = field(default_factory=dict)
    failed: Sequence[str] = ()
    waiting: Mapping[str, str] = field(default_factory=dict)
    complete: float | None = None
    finished: float | None = None
    tried: float | None = None
    error: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, said: Extra) -> "State":
        """Read what is kept; a field that is not known is left out."""
        known = {one.name: said[one.name] for one in fields(cls) if one.name in said}
        if isinstance(cursor := known.get("cursor"), dict):
            known["cursor"] = Cursor(**cursor)
        return cls(**known)

    @property
    def unfinished(self) -> bool:
        """Whether the next harvest goes on with this one."""
        return self.begun or self.cursor is not None

    def anew(self) -> "State":
        """The state of a source that is to be asked for everything; when it was tried stays."""
        return State(finished=self.finished, tried=self.tried)

    def kept(self) -> dict[str, Any]:
        """What is to be kept."""
        return asdict(self)

    def counting(self, more: Mapping[str, int]) -> "State":
        """The state with more records counted."""
        names = [*self.counts, *more]
        return replace(
            self, counts={name: self.counts.get(name, 0) + more.get(name, 0) for name in names}
        )
