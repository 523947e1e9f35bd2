"""A topic of somebody else's channel → the resources that are nearest to it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeAlias

import numpy as np
from anyio.to_thread import run_sync

from data.formats.kolibri.words import hexadecimal
from data.records import Outcome, Resource
from models.alignment.retrieval import FEWEST
from models.index import Rows, VectorIndex
from models.languages import primary
from models.ranking.fusion import meaning_score
from models.suggestion import Query
from models.text import outcome_text
from service.asking.searching import nearest
from service.engine.live import Serving
from service.parts import Parts

MOST: Final = 20
# Resources that stand for the ordinary ones.
ORDINARY: Final = 300
# How far a resource must stand out from the ordinary ones, in robust deviations.
LEAST: Final = 2.0

Found: TypeAlias = list[tuple[Resource, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic, with the titles of those above it, the root's first."""

    id: str
    channel: str
    title: str
    description: str = ""
    language: str = ""
    above: tuple[str, ...] = field(default=())


async def recommend(parts: Parts, topics: Iterable[Topic], least: float | None) -> list[Found]:
    """For each topic the resources nearest to it and their cosines, best first.

    They are in its language or in none that is known, and not of its own channel. What does not
    stand out by `least` deviations is left out. Raises UnavailableError.
    """
    serving = parts.live.serving()
    sample = {} if least is None else await run_sync(_sample, parts, serving.snapshot.resources)
    asked = [_recommended(parts, serving, topic, least, sample) for topic in topics]
    with parts.turns.turn(len(asked)):
        return await asyncio.gather(*asked)


async def _recommended(
    parts: Parts,
    serving: Serving,
    topic: Topic,
    least: float | None,
    sample: Mapping[int, Resource],
) -> Found:
    node = Outcome(
        id=topic.id, framework=topic.channel, title=topic.title, description=topic.description
    )
    text = outcome_text(node, (*topic.above, topic.title))
    query = Query(text=text, language=topic.language or None)
    vector = await parts.batcher.encode(serving.aligner, query)
    index, passing = serving.snapshot.resources, partial(_passes, topic=topic)
    found = await run_sync(nearest, parts.catalogue, index, vector, passing, MOST)
    if least is None or not found or len(sample) < FEWEST:  # too few to tell what is ordinary
        return found
    ordinary = index.vectors(_ordinary(sample, passing)) @ vector
    cosines = np.array([cosine for _, cosine in found], dtype=np.float32)
    standing_out = meaning_score(cosines, ordinary) >= least
    return [one for one, stands_out in zip(found, standing_out, strict=True) if stands_out]


def _passes(resource: Resource, topic: Topic) -> bool:
    spoken, language = primary(topic.language), primary(resource.language or "")
    channel = hexadecimal(resource.extra.get("channel_id"))
    return channel != hexadecimal(topic.channel) and (not spoken or language in ("", spoken))


def _sample(parts: Parts, index: VectorIndex) -> dict[int, Resource]:
    """Some of all resources, by their rows in the index."""
    rows = np.random.default_rng(0).permutation(len(index.ids))[:ORDINARY]
    there = parts.catalogue.resources.many(index.ids[int(row)] for row in rows)
    return {int(row): there[name] for row in rows if (name := index.ids[int(row)]) in there}


def _ordinary(sample: Mapping[int, Resource], passing: Callable[[Resource], bool]) -> Rows:
    """The rows of those that pass, since the others are farther by language; if few do, of all."""
    rows = [row for row, resource in sample.items() if passing(resource)]
    return np.array(rows if len(rows) >= FEWEST else list(sample), dtype=np.int64)
