"""Rows that point at others: what they point at has to be there."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from data.catalogue import erased
from data.catalogue.intake import Batch
from data.formats.fields import shown
from data.records import (
    Alignment,
    Correspondence,
    Interaction,
    Outcome,
    Prerequisite,
    Record,
    Resource,
)

Refused = dict[type[Record], set[str]]


def objections(batch: Batch, records: Sequence[Record], refused: Refused) -> list[str | None]:
    """Why each record of one kind cannot be taken in, or None.

    `refused` has the ids that this import refused: what the catalogue may hold under them from
    before is not what the document means.
    """
    resources = batch.resources(id_ for record in records for id_ in _resources(record))
    outcomes = batch.outcomes(id_ for record in records for id_ in _outcomes(record))
    since = batch.erased(one.learner for one in records if isinstance(one, Interaction))
    return [
        next(_missing("resource", _resources(record), resources, refused[Resource]), None)
        or next(_missing("outcome", _outcomes(record), outcomes, refused[Outcome]), None)
        or _misplaced(record, outcomes)
        or _erased(record, since)
        for record in records
    ]


def _resources(record: Record) -> tuple[str, ...]:
    if isinstance(record, Alignment | Interaction) and record.resource is not None:
        return (record.resource,)
    return ()


def _outcomes(record: Record) -> tuple[str, ...]:
    match record:
        case Alignment():
            return (record.outcome,)
        case Prerequisite():
            return (record.outcome, record.requires)
        case Correspondence():
            return (record.outcome, record.other)
        case Interaction():
            return record.outcomes
        case _:
            return ()


def _missing(
    what: str, ids: Iterable[str], there: Container[str], refused: Container[str]
) -> Iterator[str]:
    for id_ in ids:
        if id_ in refused:
            yield f"{what} {shown(id_)} is itself refused"
        elif id_ not in there:
            yield f"{what} {shown(id_)} is not there"


def _misplaced(record: Record, assignable: dict[str, bool]) -> str | None:
    if isinstance(record, Alignment) and not assignable[record.outcome]:
        return f"outcome {shown(record.outcome)} is a heading; align to an outcome below it"
    if isinstance(record, Prerequisite) and record.outcome == record.requires:
        return f"outcome {shown(record.outcome)} requires itself"
    if isinstance(record, Correspondence) and record.outcome == record.other:
        return f"outcome {shown(record.outcome)} is matched with itself"
    return None


def _erased(record: Record, since: Mapping[str, float]) -> str | None:
    if isinstance(record, Interaction):
        return erased.objection(record.time, since.get(record.learner))
    return None
