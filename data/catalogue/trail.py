"""Who decided what, for those who look back: decisions with titles, newest first."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from data.catalogue.crosswalk_tables import decisions as crosswalk_decisions
from data.catalogue.store import Store
from data.catalogue.tables import decisions, outcomes, resources
from data.records import Match, Verdict


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Corresponded:
    """A line of the ledger of crosswalks and editions, with the titles of its two outcomes."""

    id: int
    time: float
    curator: str
    verdict: Verdict
    match: Match
    outcome: str
    outcome_title: str
    outcome_language: str | None
    other: str
    other_title: str
    other_language: str | None


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

    def corresponded(self, *, curator: str | None, most: int) -> list[Corresponded]:
        """At most so many decisions on two outcomes, by one curator or all, newest first."""
        here, there = outcomes.alias("here"), outcomes.alias("there")
        of = crosswalk_decisions.c
        statement = (
            select(
                *(of[name] for name in ("id", "time", "curator", "verdict")),
                *(of[name] for name in ("match", "outcome", "other")),
                here.c.title.label("outcome_title"),
                here.c.language.label("outcome_language"),
                there.c.title.label("other_title"),
                there.c.language.label("other_language"),
            )
            .join(here, here.c.id == of.outcome)
            .join(there, there.c.id == of.other)
            .order_by(of.id.desc())
            .limit(most)
        )
        if curator is not None:
            statement = statement.where(of.curator == curator)
        return [
            Corresponded(
                **{**row, "verdict": Verdict(row["verdict"]), "match": Match(row["match"])}
            )
            for row in self._store.rows(statement)
        ]
