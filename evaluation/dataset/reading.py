"""A document's records as an import would take them: bad ones are told of and left out."""

import logging
from collections.abc import Iterable, Iterator
from typing import TypeVar

from data.formats.protocol import Document, R, Row
from data.records import Outcome, Resource
from data.tree import refused_outcomes

Node = TypeVar("Node", Outcome, Resource)

log = logging.getLogger(__name__)


def records(document: Document, kind: type[R]) -> Iterator[R]:
    """The records of one kind in their order; a row that cannot be read is logged."""
    for row in document.read(kind):
        if isinstance(row, Row):
            yield row.record
        else:
            log.warning("left out: %s", row)


def outcomes(document: Document) -> list[Outcome]:
    """Each outcome once, without those that an import would refuse for what stands above them."""
    found = _once(records(document, Outcome))
    reasons = refused_outcomes([(outcome.id, outcome.parent) for outcome in found], known=())
    for id_, reason in reasons.items():
        log.warning("left out: outcome %s: %s", id_, reason)
    return [outcome for outcome in found if outcome.id not in reasons]


def resources(document: Document) -> list[Resource]:
    """Each resource once."""
    return _once(records(document, Resource))


def _once(found: Iterable[Node]) -> list[Node]:
    """Records in their order; of those that share an id the first, as an import has it."""
    first: dict[str, Node] = {}
    for record in found:
        first.setdefault(record.id, record)
    return list(first.values())
