"""Resources and outcomes by meaning: the nearest in the index that pass the filters."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.records import Resource
from models.alignment.aligner import NO_FILTERS
from models.encoder import Matrix
from models.entry import Entry
from models.index import VectorIndex
from models.languages import primary
from models.suggestion import AbstentionCause, Answer, Filters, Query, Suggestion
from service.engine.live import Serving
from service.http.problems import InvalidError
from service.parts import Parts

Filter: TypeAlias = tuple[str | None, str | None]
"""Language and kind that a resource must have; None lets all through."""


async def nearest_resources(
    parts: Parts, query: Query, only: Filter, most: int, platform: str | None = None
) -> list[Resource]:
    """At most `most` resources nearest in meaning, best first. Raises UnavailableError."""
    serving = parts.live.serving()
    with parts.turns.turn():
        vector = await parts.batcher.encode(serving.aligner, query)
        index = serving.snapshot.resources
        return await run_sync(near, parts.catalogue, index, vector, only, most, platform)


async def nearest_outcomes(
    parts: Parts, text: str, filters: Filters = NO_FILTERS, most: int = 10
) -> list[Entry]:
    """At most `most` outcomes: first those that say it in these words, then those that mean it.

    Raises UnavailableError.
    """
    serving = parts.live.serving()
    query = Query(text=text)
    with parts.turns.turn():
        vector = await parts.batcher.encode(serving.aligner, query)
        return await run_sync(_outcomes, serving, query, vector, filters, most)


def fitting_outcomes(
    serving: Serving, query: Query, vector: Matrix, filters: Filters, most: int
) -> tuple[list[Entry], AbstentionCause | None]:
    """The same without what is near and unlikely to fit, and why there is none that fits.

    The aligner selects what likely fits: the set with the highest expected F2, which may be empty.
    """
    answer = _ranked(serving, query, vector, filters, most)
    selected = [found for found in answer.suggestions if found.selected]
    cause = answer.abstained.cause if answer.abstained else None
    said = _said_first(serving, query, filters, selected, most, fits=bool(selected))
    return said, cause


def _outcomes(
    serving: Serving, query: Query, vector: Matrix, filters: Filters, most: int
) -> list[Entry]:
    answer = _ranked(serving, query, vector, filters, most)
    return _said_first(serving, query, filters, answer.suggestions, most)


def _ranked(serving: Serving, query: Query, vector: Matrix, filters: Filters, most: int) -> Answer:
    return serving.aligner.rank(
        query, vector, filters=filters, k=most, without=serving.retired, explain=False
    )


def _said_first(
    serving: Serving,
    query: Query,
    filters: Filters,
    meant: Iterable[Suggestion],
    most: int,
    *,
    fits: bool = False,
) -> list[Entry]:
    aligner = serving.aligner
    said = aligner.saying(query.text, filters, serving.retired, most, fits=fits)
    entries = (*said, *(aligner.entry(found.outcome) for found in meant))
    return list({entry.outcome.id: entry for entry in entries}.values())[:most]


def near(
    catalogue: Catalogue,
    index: VectorIndex,
    vector: Matrix,
    only: Filter,
    most: int,
    platform: str | None = None,
) -> list[Resource]:
    """At most `most` resources nearest to a vector [dimension], best first.

    They are of a platform, or of all.
    """
    passing = partial(_passes, only=only)
    found = nearest(catalogue, index, vector, passing, most, platform)
    return [resource for resource, _ in found]


def nearest(
    catalogue: Catalogue,
    index: VectorIndex,
    vector: Matrix,
    passing: Callable[[Resource], bool],
    most: int,
    platform: str | None = None,
) -> list[tuple[Resource, float]]:
    """The same of those that are `passing`, with their cosines."""
    found: list[tuple[Resource, float]] = []
    for ring in _rings(index, vector, most):
        resources = catalogue.resources.many(ring, platform=platform)
        there = ((resources[name], cosine) for name, cosine in ring.items() if name in resources)
        found += [(resource, cosine) for resource, cosine in there if passing(resource)]
        if len(found) >= most:
            break
    return sorted(found, key=lambda one: -one[1])[:most]


def known_platform(catalogue: Catalogue, id_: str | None) -> str | None:
    """The id of a platform, or None for all of them. Raises InvalidError for one there is not."""
    if id_ and catalogue.platforms.get(id_) is None:
        raise InvalidError("?platform", f"{id_!r} is none of those that /v1/platforms lists")
    return id_ or None


def in_language_first(resources: Sequence[Resource], tag: str) -> list[Resource]:
    """Those in the reader's language before the others, each in the order in which they came."""
    if not (wanted := primary(tag)):
        return list(resources)
    return sorted(resources, key=lambda one: primary(one.language or "") != wanted)


def _rings(index: VectorIndex, vector: Matrix, first: int) -> Iterator[dict[str, float]]:
    """Ids and cosines from the nearest outwards, more and more, since no filter is in the index.

    Each comes once. One that a search for few overlooked comes with those of a later one.
    """
    count, seen = len(index), set[str]()
    wanted = min(first, count)
    while wanted:
        rows, cosines = index.search(vector[None, :], wanted)
        there = rows[0] >= 0
        pairs = zip(rows[0][there], cosines[0][there], strict=True)
        found = {index.ids[int(row)]: float(cosine) for row, cosine in pairs}
        yield {name: cosine for name, cosine in found.items() if name not in seen}
        if len(found) < wanted or wanted == count:
            return
        seen |= found.keys()
        wanted = min(wanted * 4, count)


def _passes(resource: Resource, only: Filter) -> bool:
    language, kind = only
    return language in (None, resource.language) and kind in (None, resource.kind)
