"""Who decided what, for those who look back: decisions with titles, newest first."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from data.catalogue.store import Store
from data.catalogue.tables import decisions, outcomes, resources
from data.records import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A line of the ledger with the titles of what it is about."""

    id: int
    time: float
    curator: str
    verdict: Verdict
    resource: str
    resource_title: str
    resource_language: str | None
    outcome: str
    outcome_title: str
    outcome_language: str | None


class Trail:
    """Reads the ledger for people; retired rows are told like any other."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def decided(
        self, verdicts: Collection[Verdict], *, curator: str | None, most: int
    ) -> list[Decided]:
        """At most so many decisions of these verdicts, by one curator or all, newest first."""
        statement = (
            select(
                *(decisions.c[name] for name in ("id", "time", "curator", "verdict")),
                *(decisions.c[name] for name in ("resource", "outcome")),
                resources.c.title.label("resource_title"),
                resources.c.language.label("resource_language"),
                outcomes.c.title.label("outcome_title"),
                outcomes.c.language.label("outcome_language"),
            )
            .join(resources, resources.c.id == decisions.c.resource)
            .join(outcomes, outcomes.c.id == decisions.c.outcome)
            .where(decisions.c.verdict.in_([verdict.value for verdict in verdicts]))
            .order_by(decisions.c.id.desc())
            .limit(most)
        )
        if curator is not None:
            statement = statement.where(decisions.c.curator == curator)
        rows = self._store.rows(statement)
        return [Decided(**{**row, "verdict": Verdict(row["verdict"])}) for row in rows]
