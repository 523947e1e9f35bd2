"""Alignments: what datasets state and what curators accepted."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from data.catalogue.changes import note_change
from data.catalogue.rows import alignment_of, entry_of
from data.catalogue.store import Store, in_chunks, raise_stated, upsert
from data.catalogue.tables import LOCAL, alignments, outcomes, resources
from data.records import Alignment, Decision, Provenance, Relation


class Alignments:
    """Reads alignments between a resource and an outcome of which neither is retired.

    Where several sources state the same, the curators' word comes out, else the first by name.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_resource(self, resource_id: str) -> list[Alignment]:
        """Those of one resource."""
        return self._listed(_live().where(alignments.c.resource == resource_id))

    def of_outcome(self, outcome_id: str) -> list[Alignment]:
        """Those of one outcome."""
        return self._listed(_live().where(alignments.c.outcome == outcome_id))

    def of_framework(self, framework_id: str) -> list[Alignment]:
        """Those of the outcomes of one framework."""
        return self._listed(_live().where(outcomes.c.framework == framework_id))

    def of_resources(self, ids: Iterable[str]) -> list[Alignment]:
        """Those of several resources."""
        chunks = (_live().where(alignments.c.resource.in_(chunk)) for chunk in in_chunks(ids))
        return [found for statement in chunks for found in self._listed(statement)]

    def of_outcomes(self, ids: Iterable[str]) -> list[Alignment]:
        """Those of several outcomes."""
        with self._store.reading() as connection:
            return aligned_to(connection, ids)

    def live(self) -> Iterator[Alignment]:
        """Stream all, by resource, outcome and relation."""
        return _once(self._store.stream(_live()))

    def stated(self) -> Iterator[Alignment]:
        """Stream all that any source states, so more than once what several do."""
        return map(alignment_of, self._store.stream(_live()))

    def _listed(self, statement: Select[Any]) -> list[Alignment]:
        return list(_once(self._store.rows(statement)))


def aligned_to(connection: Connection, outcome_ids: Iterable[str]) -> list[Alignment]:
    """Those of several outcomes, inside a transaction."""
    return [
        found
        for chunk in in_chunks(outcome_ids)
        for found in _once(
            connection.execute(_live().where(alignments.c.outcome.in_(chunk))).mappings().all()
        )
    ]


def accept(connection: Connection, decision: Decision) -> None:
    """Write the alignment that an accepted suggestion makes."""
    shown = decision.showing.shown if decision.showing else ()
    # What a curator found without the model is not the model's doing.
    was_shown = any(line.outcome == decision.outcome for line in shown)
    model = decision.showing.model if decision.showing and was_shown else None
    alignment = Alignment(
        resource=decision.resource,
        outcome=decision.outcome,
        provenance=Provenance(agent=decision.curator, time=decision.time, model=model),
    )
    upsert(connection, alignments, [entry_of(alignment, LOCAL).values])
    note_change(connection, [decision.resource])
    raise_stated(connection)


def withdraw(connection: Connection, decision: Decision) -> None:
    """Retire the alignment that an earlier acceptance of the same pair made, if there is one."""
    made_here = (
        (alignments.c.resource == decision.resource)
        & (alignments.c.outcome == decision.outcome)
        & (alignments.c.relation == Relation.TEACHES.value)
        & (alignments.c.dataset == LOCAL)
        & alignments.c.retired_at.is_(None)
    )
    connection.execute(alignments.update().where(made_here).values(retired_at=decision.time))
    note_change(connection, [decision.resource])
    raise_stated(connection)


def _live() -> Select[Any]:
    # LOCAL is "", which every order of texts puts first.
    keys = (alignments.c.resource, alignments.c.outcome, alignments.c.relation)
    return (
        select(alignments)
        .join(resources, resources.c.id == alignments.c.resource)
        .join(outcomes, outcomes.c.id == alignments.c.outcome)
        .where(alignments.c.retired_at.is_(None))
        .where(resources.c.retired_at.is_(None), outcomes.c.retired_at.is_(None))
        .order_by(*keys, alignments.c.dataset)
    )


def _once(rows: Iterable[RowMapping]) -> Iterator[Alignment]:
    last = None
    for row in rows:
        alignment = alignment_of(row)
        pair = (alignment.resource, alignment.outcome, alignment.relation)
        if pair != last:
            yield alignment
        last = pair
