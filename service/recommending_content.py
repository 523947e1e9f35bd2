"""A topic of somebody else's channel → the resources that are nearest to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from anyio.to_thread import run_sync

from data.formats.kolibri_words import hexadecimal
from data.records import Outcome, Resource
from models.encoder import Matrix
from models.fusion import meaning_score
from models.index import Rows, VectorIndex
from models.languages import primary
from models.retrieval import FEWEST
from models.suggestion import Query
from models.text import outcome_text
from service.live import Serving
from service.parts import Parts
from service.searching import nearest

MOST: Final = 20
# Resources that stand for the ordinary ones.
ORDINARY: Final = 300
# How far a resource must stand out from the ordinary ones, in robust deviations.
LEAST: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic, with the titles of those above it, the root's first."""

    id: str
    channel: str
    title: str
    description: str = ""
    language: str = ""
    above: tuple[str, ...] = field(default=())


async def recommended(
    parts: Parts, topic: Topic, least: float | None
) -> list[tuple[Resource, float]]:
    """The resources nearest to a topic and their cosines, best first.

    They are in its language or in none that is known, and not of its own channel. What does not
    stand out by `least` deviations is left out. Raises UnavailableError.
    """
    serving = parts.live.serving()
    node = Outcome(
        id=topic.id, framework=topic.channel, title=topic.title, description=topic.description
    )
    text = outcome_text(node, (*topic.above, topic.title))
    vector = await parts.batcher.encode(
        serving.aligner, Query(text=text, language=topic.language or None)
    )
    return await run_sync(_near, parts, serving, topic, vector, least)


def _near(
    parts: Parts, serving: Serving, topic: Topic, vector: Matrix, least: float | None
) -> list[tuple[Resource, float]]:
    index = serving.snapshot.resources
    spoken, channel = primary(topic.language), hexadecimal(topic.channel)

    def passing(resource: Resource) -> bool:
        language = primary(resource.language or "")
        is_own = hexadecimal(resource.extra.get("channel_id")) == channel
        return not is_own and (not spoken or language in ("", spoken))

    found = nearest(parts.catalogue, index, vector, passing, MOST)
    if least is None or len(index.ids) < FEWEST:  # too few to tell what is ordinary
        return found
    ordinary = index.vectors(_sample(parts, index, passing)) @ vector
    cosines = np.array([cosine for _, cosine in found], dtype=np.float32)
    standing_out = meaning_score(cosines, ordinary) >= least
    return [one for one, stands_out in zip(found, standing_out, strict=True) if stands_out]


def _sample(parts: Parts, index: VectorIndex, passing: Callable[[Resource], bool]) -> Rows:
    """The rows of ordinary resources: those that pass, since the others are farther by language.

    Where too few of them do, all stand in.
    """
    rows: Rows = np.random.default_rng(0).permutation(len(index.ids))[:ORDINARY].astype(np.int64)
    there = parts.catalogue.resources.many(index.ids[int(row)] for row in rows)
    names = {name for name, resource in there.items() if passing(resource)}
    of_them = rows[[index.ids[int(row)] in names for row in rows]]
    return of_them if len(of_them) >= FEWEST else rows
