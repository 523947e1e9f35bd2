"""What curators said, in the form that a public report counts: by whose resource it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, RowMapping, cast, func, select

from data.catalogue.store import Store
from data.catalogue.tables import decisions, frameworks, outcomes, resources, showings
from data.records import RejectionReason, Verdict

_SAID = (Verdict.ACCEPT.value, Verdict.REJECT.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict that stands.

    `confidence` is that of the suggestion that was shown, None where none was; `in_bulk` is what
    was decided with many others at once, `is_present` what was decided on the framework as it is.
    """

    dataset: str
    language: str | None
    accepted: bool
    reason: RejectionReason | None
    confidence: float | None
    in_bulk: bool
    is_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Concord:
    """Of how many pairs of one dataset's resources several curators spoke, and all alike."""

    dataset: str
    pairs: int
    alike: int


class Judgements:
    """Reads verdicts on pairs of which neither is retired."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def standing(self) -> Iterator[Judgement]:
        """Stream the acceptances and rejections that stand, in the order of the ledger."""
        latest = select(func.max(decisions.c.id)).group_by(
            decisions.c.resource, decisions.c.outcome
        )
        said = (
            select(
                decisions.c.outcome,
                decisions.c.verdict,
                decisions.c.reason,
                decisions.c.batch,
                decisions.c.framework_fingerprint,
                frameworks.c.fingerprint,
                resources.c.dataset,
                resources.c.language,
                showings.c.shown,
            )
            .join(resources, resources.c.id == decisions.c.resource)
            .join(outcomes, outcomes.c.id == decisions.c.outcome)
            .join(frameworks, frameworks.c.id == outcomes.c.framework)
            .outerjoin(showings, showings.c.id == decisions.c.showing)
            .where(decisions.c.id.in_(latest), decisions.c.verdict.in_(_SAID))
            .where(resources.c.retired_at.is_(None), outcomes.c.retired_at.is_(None))
            .order_by(decisions.c.id)
        )
        return map(_read, self._store.stream(said))

    def concords(self) -> list[Concord]:
        """How often those agreed who spoke of the same pair, each for themselves."""
        last = (
            select(func.max(decisions.c.id))
            .where(decisions.c.batch.is_(None), decisions.c.verdict != Verdict.DEFER.value)
            .group_by(decisions.c.resource, decisions.c.outcome, decisions.c.curator)
        )
        pair = (decisions.c.resource, decisions.c.outcome)
        alike = func.min(decisions.c.verdict) == func.max(decisions.c.verdict)
        several = (
            select(decisions.c.resource, cast(alike, Integer).label("alike"))
            .join(outcomes, outcomes.c.id == decisions.c.outcome)
            .where(decisions.c.id.in_(last), decisions.c.verdict.in_(_SAID))
            .where(outcomes.c.retired_at.is_(None))
            .group_by(*pair)
            .having(func.count() > 1)
            .subquery()
        )
        counted = (
            select(
                resources.c.dataset,
                func.count().label("pairs"),
                func.sum(several.c.alike).label("alike"),
            )
            .join(resources, resources.c.id == several.c.resource)
            .where(resources.c.retired_at.is_(None))
            .group_by(resources.c.dataset)
            .order_by(resources.c.dataset)
        )
        return [Concord(**row) for row in self._store.rows(counted)]


def _read(row: RowMapping) -> Judgement:
    return Judgement(
        dataset=row["dataset"],
        language=row["language"],
        accepted=row["verdict"] == Verdict.ACCEPT.value,
        reason=RejectionReason(row["reason"]) if row["reason"] else None,
        confidence=_confidence(row["shown"] or (), row["outcome"]),
        in_bulk=row["batch"] is not None,
        is_present=row["framework_fingerprint"] == row["fingerprint"],
    )


def _confidence(shown: Any, outcome: str) -> float | None:
    found = (line["confidence"] for line in shown if line["outcome"] == outcome)
    return next(found, None)
