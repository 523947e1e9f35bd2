"""Editions of a framework: which is newer than which, and what was carried over between them.

A framework is a newer edition of another if outcomes of it are stated to be successors of that
one's.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from data.catalogue import succession
from data.catalogue.correspondences import between
from data.catalogue.crosswalk_lines import count_open, put_lines
from data.catalogue.inherited import Succession
from data.catalogue.rows import alignment_of, correspondence_of
from data.catalogue.store import Store
from data.catalogue.succession import Carried
from data.catalogue.tables import LOCAL, alignments, correspondences, outcomes
from data.records import Alignment, Correspondence, Match, ProposedCorrespondence


class Editions:
    """Reads what follows what, and carries over what is said."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def newer(self) -> dict[str, tuple[str, ...]]:
        """Framework → its newer editions, that with the most successors first."""
        here, there = outcomes.alias("here"), outcomes.alias("there")
        two = (here.c.framework.label("framework"), there.c.framework.label("newer"))
        counted = (
            select(*two, func.count().label("lines"))
            .select_from(correspondences)
            .join(here, here.c.id == correspondences.c.outcome)
            .join(there, there.c.id == correspondences.c.other)
            .where(correspondences.c.match == Match.SUCCESSOR.value)
            .where(correspondences.c.retired_at.is_(None), here.c.framework != there.c.framework)
            .where(there.c.retired_at.is_(None))
            .group_by(*two)
        )
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for row in self._store.rows(counted):
            found[row["framework"]].append((-row["lines"], row["newer"]))
        return {name: tuple(one for _, one in sorted(those)) for name, those in found.items()}

    def successors(self, outcome_id: str) -> list[str]:
        """The ids of the outcomes that are stated to follow one, in their order."""
        mine = (correspondences.c.outcome == outcome_id) & (
            correspondences.c.match == Match.SUCCESSOR.value
        )
        rows = (
            select(correspondences.c.other)
            .join(outcomes, outcomes.c.id == correspondences.c.other)
            .where(mine, correspondences.c.retired_at.is_(None), outcomes.c.retired_at.is_(None))
            .distinct()
        )
        return sorted(row["other"] for row in self._store.rows(rows))

    def successions(self) -> list[tuple[str, str]]:
        """Which outcome follows which in another framework, by whomever that is stated."""
        here, there = outcomes.alias("here"), outcomes.alias("there")
        rows = (
            select(correspondences.c.outcome, correspondences.c.other)
            .join(here, here.c.id == correspondences.c.outcome)
            .join(there, there.c.id == correspondences.c.other)
            .where(correspondences.c.match == Match.SUCCESSOR.value)
            .where(correspondences.c.retired_at.is_(None), here.c.framework != there.c.framework)
            .where(here.c.retired_at.is_(None), there.c.retired_at.is_(None))
            .distinct()
            .order_by(correspondences.c.outcome, correspondences.c.other)
        )
        return [(row["outcome"], row["other"]) for row in self._store.rows(rows)]

    def stated(self, framework: str, newer: str) -> list[Correspondence]:
        """What sources state between two frameworks, in either direction."""
        return self._lines(framework, newer, local=False)

    def decided(self, framework: str, newer: str) -> list[Correspondence]:
        """Which outcomes of `newer` curators said to follow one of `framework`."""
        return [
            line
            for line in self._lines(framework, newer, local=True)
            if line.match is Match.SUCCESSOR
            and line.provenance
            and not line.provenance.agent.startswith(succession.AGENT)
        ]

    def followed(self, framework: str, newer: str) -> set[tuple[str, str]]:
        """Which outcomes of `newer` are stated to follow one of `framework`, by whomever."""
        lines = between(framework, newer).where(correspondences.c.match == Match.SUCCESSOR.value)
        return {(row["outcome"], row["other"]) for row in self._store.rows(lines)}

    def carry(self, framework: str, newer: str, lines: Sequence[Succession], now: float) -> Carried:
        """Carry over from `framework` to `newer` along these lines, at once and whole.

        What was carried over before along others is taken back; the same again changes nothing.
        A curator's word on a pair is never touched.
        """
        with self._store.writing(durable=True) as connection:
            return succession.carry(connection, framework, newer, lines, now)

    def rehearse(
        self,
        framework: str,
        newer: str,
        lines: Sequence[Succession],
        now: float,
        proposals: Sequence[ProposedCorrespondence] = (),
    ) -> tuple[Carried, int]:
        """What carrying over would do, and how many of the proposals would wait for a curator.

        Nothing is left of it.
        """
        with self._store.writing(rehearsal=True) as connection:
            carried = succession.carry(connection, framework, newer, lines, now)
            put_lines(connection, proposals)
            return carried, count_open(connection, proposals)

    def carried(self, framework: str, newer: str) -> list[Alignment]:
        """The alignments of `newer` that were carried over from `framework`."""
        inside = select(outcomes.c.id).where(outcomes.c.framework == newer)
        mine = (alignments.c.dataset == LOCAL) & (
            alignments.c.agent == succession.agent_of(framework)
        )
        rows = select(alignments).where(mine, alignments.c.retired_at.is_(None))
        rows = rows.where(alignments.c.outcome.in_(inside))
        return [alignment_of(row) for row in self._store.rows(rows)]

    def _lines(self, framework: str, newer: str, *, local: bool) -> list[Correspondence]:
        owned = correspondences.c.dataset == LOCAL
        wanted = between(framework, newer).where(owned if local else ~owned)
        return [correspondence_of(row) for row in self._store.rows(wanted)]
