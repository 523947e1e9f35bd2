"""Names that others call resources and outcomes by → what the catalogue has under them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from data.catalogue.store import in_chunks
from data.catalogue.tables import outcomes, resources
from data.formats.protocol import Called


@dataclass(frozen=True, slots=True)
class Known:
    """Of the names that were asked for: which resource each is, and which are outcomes."""

    resources: Mapping[str, str]
    outcomes: frozenset[str]


def known(connection: Connection, about: Iterable[Called]) -> Known:
    """What is there and not retired. An id goes before an address, and the first of equals."""
    called = list(about)
    names = {name for one in called for name in one.resource}
    live = resources.c.retired_at.is_(None)
    found: dict[str, str] = {}
    for chunk in in_chunks(names):
        ids = select(resources.c.id).where(live, resources.c.id.in_(chunk))
        found |= {id_: id_ for id_ in connection.execute(ids).scalars()}
    for chunk in in_chunks(names - found.keys()):
        addressed = select(resources.c.url, resources.c.id).where(live, resources.c.url.in_(chunk))
        last_first = connection.execute(addressed.order_by(resources.c.id.desc()))
        found |= {row.url: row.id for row in last_first}
    return Known(found, _outcomes(connection, (name for one in called for name in one.outcome)))


def _outcomes(connection: Connection, names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for chunk in in_chunks(names):
        live = outcomes.c.retired_at.is_(None) & outcomes.c.id.in_(chunk)
        found.update(connection.execute(select(outcomes.c.id).where(live)).scalars())
    return frozenset(found)
