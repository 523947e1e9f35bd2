"""Outcomes: nodes of the frameworks' trees."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Text, cast, or_, select

from data.catalogue.collation import cased
from data.catalogue.paging import Order, Page, page_of
from data.catalogue.rows import record_of
from data.catalogue.store import Store, in_chunks
from data.catalogue.tables import outcomes
from data.errors import GatewaysError, NotFoundError
from data.records import Outcome

_ORDER = Order((outcomes.c.framework, outcomes.c.position, outcomes.c.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The levels and subjects that the outcomes of a framework name, in the order of texts."""

    levels: tuple[str, ...]
    subjects: tuple[str, ...]


class Outcomes:
    """Reads outcomes. Lists leave out retired ones; `get` and `many` still find them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, outcome_id: str) -> Outcome | None:
        """The outcome of that id, retired or not."""
        row = self._store.first(select(outcomes).where(outcomes.c.id == outcome_id))
        return _read(row) if row else None

    def many(self, ids: Iterable[str]) -> dict[str, Outcome]:
        """The outcomes of those ids, retired or not; an id that is not there is left out."""
        found: dict[str, Outcome] = {}
        for chunk in in_chunks(ids):
            rows = self._store.rows(select(outcomes).where(outcomes.c.id.in_(chunk)))
            found |= {row["id"]: _read(row) for row in rows}
        return found

    def live(self, framework: str | None = None) -> list[Outcome]:
        """All that are not retired, by framework, position and id."""
        statement = _live(framework).order_by(*_ORDER.columns)
        return [_read(row) for row in self._store.stream(statement)]

    def ids(self) -> list[str]:
        """The ids of all that are not retired."""
        live = select(outcomes.c.id).where(outcomes.c.retired_at.is_(None))
        return [row["id"] for row in self._store.rows(live.order_by(outcomes.c.id))]

    def children(self, framework: str, parent: str | None) -> list[Outcome]:
        """Those right below `parent`, or the framework's roots if it is None."""
        below = _live(framework).where(outcomes.c.parent == parent)
        return [_read(row) for row in self._store.rows(below.order_by(*_ORDER.columns))]

    def ancestors(self, outcome_id: str) -> list[Outcome]:
        """What stands above an outcome, root first and without itself."""
        above: dict[str, Outcome] = {}
        node = self.get(outcome_id)
        while node and node.parent and node.parent != outcome_id and node.parent not in above:
            node = self.get(node.parent)
            if node:
                above[node.id] = node
        return list(reversed(above.values()))

    def ranges(self) -> dict[str, Range]:
        """Framework → the levels and subjects that its outcomes name."""
        named = (
            outcomes.c.framework,
            cast(outcomes.c.levels, Text).label("levels"),
            outcomes.c.subject,
        )
        live = select(*named).where(outcomes.c.retired_at.is_(None)).distinct()
        levels: dict[str, set[str]] = {}
        subjects: dict[str, set[str]] = {}
        for row in self._store.rows(live):
            levels.setdefault(row["framework"], set()).update(json.loads(row["levels"]))
            subjects.setdefault(row["framework"], set()).update(filter(None, [row["subject"]]))
        return {
            name: Range(levels=tuple(sorted(found)), subjects=tuple(sorted(subjects[name])))
            for name, found in levels.items()
        }

    def page(
        self,
        framework: str | None = None,
        *,
        parent: str | EllipsisType | None = ...,
        text: str | None = None,
        level: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Outcome]:
        """A page in tree order. Raises GatewaysError for a malformed cursor or limit.

        `parent` None asks for roots; `text` is looked for in title, code and description,
        whatever its case; `level` is one that the outcome itself names.
        """
        statement = _live(framework)
        if not isinstance(parent, EllipsisType):
            statement = statement.where(outcomes.c.parent == parent)
        if text:
            searched = (outcomes.c.title, outcomes.c.code, outcomes.c.description)
            statement = statement.where(
                or_(*(cased(column).icontains(text, autoescape=True) for column in searched))
            )
        if level is not None:
            # Levels are kept as a JSON list, so a level is found between its quotes.
            quoted = json.dumps(level, ensure_ascii=False)
            listed = cast(outcomes.c.levels, Text)
            statement = statement.where(listed.contains(quoted, autoescape=True))
        return page_of(self._store, statement, _ORDER, _read, after=after, limit=limit)


def found(connection: Connection, outcome_id: str) -> RowMapping:
    """The row of an outcome, retired or not. Raises NotFoundError."""
    row = connection.execute(select(outcomes).where(outcomes.c.id == outcome_id)).mappings().first()
    if row is None:
        raise NotFoundError(f"outcome {outcome_id!r} is not in the catalogue")
    return row


def check_live(row: RowMapping) -> None:
    """Raise NotFoundError for an outcome that was retired."""
    if row["retired_at"] is not None:
        raise NotFoundError(f"outcome {row['id']!r} was retired; import it again first")


def check_open(row: RowMapping) -> None:
    """Raise NotFoundError for an outcome that was retired, GatewaysError for a heading."""
    check_live(row)
    if not row["assignable"]:
        raise GatewaysError(f"outcome {row['id']!r} is a heading; choose an outcome below it")


def _live(framework: str | None) -> Select[Any]:
    statement = select(outcomes).where(outcomes.c.retired_at.is_(None))
    return statement if framework is None else statement.where(outcomes.c.framework == framework)


def _read(row: RowMapping) -> Outcome:
    return record_of(Outcome, row)
