"""A question → the aligner's answer, with what was shown kept in the ledger."""

from collections.abc import Collection
from dataclasses import dataclass

from anyio.to_thread import run_sync

from data.records import Resource, Showing
from models.alignment.aligner import Aligner
from models.alignment.answers import showing
from models.crosswalk.carrying import carried_to
from models.suggestion import Answer, Filters, Query
from models.text import query_of
from service.engine.answering import Asked, known, ranked
from service.http.problems import existing
from service.parts import Parts


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
        query=question_about(parts, resource),
        filters=filters,
        k=k,
        resource=resource_id,
        without=parts.catalogue.ledger.rejected(resource_id),
    )


def question_about(parts: Parts, resource: Resource, blind: Collection[str] = ()) -> Query:
    """What the aligner is asked about a resource, with what crosswalks say of it now.

    They tell nothing of what is known of the outcomes in `blind`.
    """
    carried = carried_to(parts.catalogue, [resource.id], blind)
    return query_of(resource, carried.get(resource.id, ()))


async def suggest(parts: Parts, asked: Asked) -> Answered:
    """Answer a question. Raises UnavailableError when there is no index or too much to do."""
    with parts.turns.turn():
        return await answered(parts, asked)


async def answered(parts: Parts, asked: Asked) -> Answered:
    """The same for a question that has a turn already."""
    serving = parts.live.serving()
    answer = parts.ahead.get(serving, asked)
    if answer is None:
        vector = known(serving, asked)
        if vector is None:
            vector = await parts.batcher.encode(serving.aligner, asked.query)
        answer = await run_sync(ranked, serving, asked, vector)
    kept = showing(serving.aligner, answer, asked.resource)
    await parts.keeper.keep(kept)
    parts.metrics.suggestions.inc(len(answer.suggestions))
    if answer.abstained is not None:
        parts.metrics.abstentions.labels(answer.abstained.cause.value).inc()
    return Answered(aligner=serving.aligner, answer=answer, kept=kept)
