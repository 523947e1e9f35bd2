"""What several curators said of the same pair: how far they agree, and where they do not."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from data.catalogue.platforms import datasets_of
from data.catalogue.store import Store
from data.catalogue.tables import decisions, outcomes, resources
from data.catalogue.work_tables import claims
from data.records import Verdict

_SAID = (Verdict.ACCEPT.value, Verdict.REJECT.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """Each curator's last verdict on one pair, in the order in which they were given."""

    resource: str
    outcome: str
    verdicts: dict[str, Verdict]

    @property
    def differ(self) -> bool:
        """Whether they are of two minds, and nobody has settled it since."""
        return len(self.verdicts) == 2 and len(set(self.verdicts.values())) == 2


class Agreement:
    """Reads verdicts by curator. Those made many at once are not opinions on single pairs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def shared(self) -> list[Opinions]:
        """Pairs that more than one curator spoke of, by resource and outcome."""
        last = (
            select(func.max(decisions.c.id).label("id"))
            .where(decisions.c.batch.is_(None), decisions.c.verdict != Verdict.DEFER.value)
            .group_by(decisions.c.resource, decisions.c.outcome, decisions.c.curator)
            .subquery()
        )
        several = (
            select(decisions.c.resource, decisions.c.outcome)
            .join(last, last.c.id == decisions.c.id)
            .where(decisions.c.verdict.in_(_SAID))
            .group_by(decisions.c.resource, decisions.c.outcome)
            .having(func.count() > 1)
            .subquery()
        )
        said = (
            select(decisions)
            .join(last, last.c.id == decisions.c.id)
            .join(
                several,
                and_(
                    several.c.resource == decisions.c.resource,
                    several.c.outcome == decisions.c.outcome,
                ),
            )
            .where(decisions.c.verdict.in_(_SAID))
            .order_by(decisions.c.id)
        )
        found: dict[tuple[str, str], dict[str, Verdict]] = {}
        for row in self._store.rows(said):
            pair = (row["resource"], row["outcome"])
            found.setdefault(pair, {})[row["curator"]] = Verdict(row["verdict"])
        return [
            Opinions(resource=resource, outcome=outcome, verdicts=verdicts)
            for (resource, outcome), verdicts in sorted(found.items())
        ]

    def wanting(
        self, curator: str, now: float, after: str | None = None, platform: str | None = None
    ) -> str | None:
        """The next resource that one other curator alone decided on, for a second opinion.

        It follows `after` by id, and is of that platform if one is given; None when there is none,
        or all others are claimed.
        """
        taken = exists().where(
            claims.c.resource == decisions.c.resource,
            claims.c.curator != curator,
            claims.c.until > now,
        )
        wanted = _once_decided(curator).where(~taken, decisions.c.resource > (after or "")).limit(1)
        if platform is not None:
            wanted = wanted.where(resources.c.dataset.in_(datasets_of(platform)))
        found = self._store.first(wanted)
        return None if found is None else str(found["resource"])

    def of_others(self, resource: str, curator: str) -> set[str]:
        """The outcomes of a resource that others decided on and this curator did not."""
        rows = self._store.rows(
            select(decisions.c.outcome, decisions.c.curator).where(
                decisions.c.resource == resource, decisions.c.verdict.in_(_SAID)
            )
        )
        mine = {row["outcome"] for row in rows if row["curator"] == curator}
        return {row["outcome"] for row in rows} - mine


def _once_decided(curator: str) -> Select[tuple[str]]:
    """Resources in order of id whose decisions are all of one curator, who is another."""
    others: ColumnElement[bool] = func.count(decisions.c.curator.distinct()) == 1
    there = resources.join(decisions, decisions.c.resource == resources.c.id).join(
        outcomes, outcomes.c.id == decisions.c.outcome
    )
    return (
        select(decisions.c.resource)
        .select_from(there)
        .where(decisions.c.verdict.in_(_SAID), decisions.c.batch.is_(None))
        .where(resources.c.retired_at.is_(None), outcomes.c.retired_at.is_(None))
        .group_by(decisions.c.resource)
        .having(others, func.min(decisions.c.curator) != curator)
        .order_by(decisions.c.resource)
    )
