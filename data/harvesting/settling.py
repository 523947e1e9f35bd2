"""What harvested resources say they are aligned to → alignments, as far as the outcomes are there.

A resource keeps what its record says. So it makes no difference whether it comes before the
framework or after it, and whether either comes again.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from data.catalogue import Catalogue
from data.catalogue.intake import Batch
from data.catalogue.rows import Entry, Key, agent_of, entry_of
from data.harvesting.local_names import OutcomeNames
from data.harvesting.lom import ALIGNED
from data.records import Alignment, Provenance, Relation, Resource

_AT_ONCE: Final = 500


@dataclass(slots=True)
class Settled:
    """How many alignments of a source are new, gone, and there; `waiting` have no outcome yet."""

    new: int = 0
    retired: int = 0
    standing: int = 0
    waiting: int = 0


def settle_alignments(catalogue: Catalogue, dataset: str, names: OutcomeNames) -> Settled:
    """Let a harvested dataset state the alignments that its resources name, and no other."""
    settled, kept = Settled(), set[Key]()
    origin = Provenance(agent=agent_of(dataset), time=time.time())
    stated = _stated(catalogue.resources.with_extra(dataset, ALIGNED), names)
    with catalogue.intake(dataset) as intake:
        while some := list(islice(stated, _AT_ONCE)):
            made = [replace(one, provenance=origin) for one in some if one is not None]
            settled.waiting += len(some) - len(made)
            entries = {entry.key: entry for entry in (entry_of(one, dataset) for one in made)}
            with intake.batch() as batch:
                settled.new += _write(batch, entries)
            kept |= entries.keys()
        with intake.batch() as batch:
            gone = [key for key in batch.keys(Alignment) if key not in kept]
            if gone:
                batch.retire(Alignment, gone, origin.time)
    settled.retired, settled.standing = len(gone), len(kept)
    return settled


def _write(batch: Batch, entries: dict[Key, Entry]) -> int:
    """Write those that are not there; how many that were."""
    there = batch.kept(Alignment, list(entries.values()))
    fresh = [entry for key, entry in entries.items() if key not in there or there[key].retired]
    batch.write(Alignment, fresh)
    return len(fresh)


def _stated(resources: Iterable[Resource], names: OutcomeNames) -> Iterator[Alignment | None]:
    """The alignments that records name; None for each whose outcome is not there."""
    for resource in resources:
        listed = resource.extra.get(ALIGNED)
        for said in listed if isinstance(listed, list) else ():
            match said:
                case {"relation": str(how), "outcome": str(name), "frameworks": [*frameworks]}:
                    found = names.find(name, [one for one in frameworks if isinstance(one, str)])
                    yield _alignment(resource, found, how) if found else None


def _alignment(resource: Resource, outcome: str, how: str) -> Alignment:
    relation = Relation(how) if how in list(Relation) else Relation.TEACHES
    return Alignment(resource=resource.id, outcome=outcome, relation=relation)
