"""A question → the aligner's answer, with what was shown kept in the ledger."""

from collections.abc import Collection
from dataclasses import dataclass

from anyio.to_thread import run_sync

from data.records import Showing
from models.aligner import Aligner
from models.answers import showing
from models.encoder import Matrix
from models.suggestion import Answer, Filters, Query
from models.text import query_of
from service.live import Serving
from service.parts import Parts
from service.problems import existing


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What suggestions are wanted for; `without` are outcomes that were rejected for it."""

    query: Query
    filters: Filters
    k: int
    resource: str | None = None
    without: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer, the aligner that gave it, and what the ledger keeps of it."""

    aligner: Aligner
    answer: Answer
    kept: Showing


def asked_for(parts: Parts, resource_id: str, filters: Filters, k: int) -> Asked:
    """The question for a resource of the catalogue. Raises NotFoundError."""
    resource = existing(parts.catalogue.resources.get(resource_id), "resource", resource_id)
    return Asked(
        query=query_of(resource),
        filters=filters,
        k=k,
        resource=resource_id,
        without=parts.catalogue.ledger.rejected(resource_id),
    )


async def suggest(parts: Parts, asked: Asked) -> Answered:
    """Answer a question. Raises UnavailableError when there is no index or too much to do."""
    serving = parts.live.serving()
    vector = _known(serving, asked)
    if vector is None:
        vector = await parts.batcher.encode(serving.aligner, asked.query)
    return await run_sync(_answer, parts, serving, asked, vector)


def _known(serving: Serving, asked: Asked) -> Matrix | None:
    """The vector of a resource that is in the index, which was made of the same text."""
    if asked.resource is None:
        return None
    index = serving.snapshot.resources
    rows = index.rows([asked.resource])
    return index.vectors(rows)[0] if rows[0] >= 0 else None


def _answer(parts: Parts, serving: Serving, asked: Asked, vector: Matrix) -> Answered:
    aligner = serving.aligner
    left_out = serving.retired.union(asked.without)
    answer = aligner.rank(asked.query, vector, filters=asked.filters, k=asked.k, without=left_out)
    kept = showing(aligner, answer, asked.resource)
    parts.catalogue.ledger.record_showing(kept)
    parts.metrics.suggestions.inc(len(answer.suggestions))
    if answer.abstained is not None:
        parts.metrics.abstentions.labels(answer.abstained.cause.value).inc()
    return Answered(aligner=aligner, answer=answer, kept=kept)
