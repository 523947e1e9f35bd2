"""Resources by meaning: the nearest in the index that pass the filters."""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.records import Resource
from models.encoder import Matrix
from models.index import VectorIndex
from models.suggestion import Query
from service.parts import Parts

Filter: TypeAlias = tuple[str | None, str | None]
"""Language and kind that a resource must have; None lets all through."""


async def nearest_resources(parts: Parts, query: Query, only: Filter, most: int) -> list[Resource]:
    """At most `most` resources nearest in meaning, best first. Raises UnavailableError."""
    serving = parts.live.serving()
    vector = await parts.batcher.encode(serving.aligner, query)
    return await run_sync(near, parts.catalogue, serving.snapshot.resources, vector, only, most)


def near(
    catalogue: Catalogue, index: VectorIndex, vector: Matrix, only: Filter, most: int
) -> list[Resource]:
    """At most `most` resources nearest to a vector [dimension], best first."""
    found: list[Resource] = []
    for ids in _rings(index, vector, most):
        resources = catalogue.resources.many(ids)
        passing = (resources[name] for name in ids if name in resources)
        found += [resource for resource in passing if _passes(resource, only)]
        if len(found) >= most:
            break
    return found[:most]


def _rings(index: VectorIndex, vector: Matrix, first: int) -> Iterator[list[str]]:
    """Ids from the nearest outwards, in lists that grow, since filters are not in the index."""
    seen, wanted = 0, first
    while True:
        rows, _ = index.search(vector[None, :], wanted)
        there = rows[0][rows[0] >= 0]
        if len(there) == seen:
            return
        yield [index.ids[row] for row in np.asarray(there[seen:])]
        seen, wanted = len(there), wanted * 4


def _passes(resource: Resource, only: Filter) -> bool:
    language, kind = only
    return language in (None, resource.language) and kind in (None, resource.kind)
