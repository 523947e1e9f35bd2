"""Keeps the curators' queue filled: what the index in use proposes for every resource."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.catalogue.queued import Proposal, Queued
from data.errors import UnavailableError
from data.records import Alignment, Resource
from models.alignment.informative import Reach, uncertainty
from models.crosswalk.carrying import carried_to
from models.encoder import Matrix
from models.suggestion import Query
from models.text import query_of
from service.engine.live import Live, Serving
from service.engine.presence import Presence

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0
BATCH = 20
# So long is waited after each batch, as a share of the time that it took: requests come first.
REST = 0.5
RANKED_EVERY = 50  # batches
# The queue is also put in order after a tenth more of what there is: that takes as long as it is.
RANKED_SHARE = 0.1
CONSIDERED = 5


@dataclass(slots=True)
class _Pass:
    """One way through the catalogue by id, as an index has it at a revision.

    What was there at the revision `since`, if it is said, is done already. Those before `after` are
    looked at; all are where it is None.
    """

    index: str
    revision: int
    since: int | None = None
    after: str | None = ""


class Queueing:
    """Fills the queue beside the requests, a batch at a time; what is cut off is done next time.

    Of several processes one does it: two with an index each would undo each other's work.
    """

    def __init__(self, catalogue: Catalogue, live: Live, presence: Presence) -> None:
        self._catalogue = catalogue
        self._live = live
        self._presence = presence
        self._reach: tuple[str, Reach] | None = None
        self._pass: _Pass | None = None

    async def follow(self) -> None:
        """Look for work for ever."""
        while True:
            try:
                await self._fill()
            except UnavailableError as error:
                log.warning("the queue could not be filled; trying again: %s", error)
            except Exception:
                log.exception("the queue could not be filled; trying again")
            await asyncio.sleep(LOOK_SECONDS)

    async def _fill(self) -> None:
        batches = ranked = 0
        while self._live.is_ready and await run_sync(self._presence.is_first):
            began = asyncio.get_running_loop().time()
            if not await run_sync(self.fill_some, self._live.serving()):
                break
            batches += 1
            if not ranked or batches >= ranked + max(RANKED_EVERY, RANKED_SHARE * ranked):
                await run_sync(self._catalogue.queue.rank)
                ranked = batches
            await asyncio.sleep(REST * (asyncio.get_running_loop().time() - began))
        if batches > ranked:
            await run_sync(self._catalogue.queue.rank)

    def fill_some(self, serving: Serving) -> bool:
        """Propose something for the next few resources; whether there were any without."""
        index, passing = serving.snapshot.manifest.id, self._pass_in(serving)
        if passing.after is None:
            return False
        ids = self._catalogue.queue.missing(index, BATCH, after=passing.after, since=passing.since)
        if ids:
            self._propose(serving, ids)
        passing.after = ids[-1] if ids else None
        return bool(ids)

    def _propose(self, serving: Serving, ids: Sequence[str]) -> None:
        found = self._catalogue.resources.many(ids)
        rows = serving.snapshot.resources.rows(ids)
        there = [found[name] for name, row in zip(ids, rows, strict=True) if row >= 0]
        if not there:
            return  # what is new has no vector yet; with it comes another revision
        vectors = serving.snapshot.resources.vectors(rows[rows >= 0])
        reach = self._reach_in(serving).of(vectors)
        stated = self._catalogue.alignments.of_resources(resource.id for resource in there)
        served = _frameworks_of(serving, stated)
        carried = carried_to(self._catalogue, ids)
        queries = [query_of(resource, carried.get(resource.id, ())) for resource in there]
        entries = [
            _queued(serving, resource, query, vector, float(near), served.get(resource.id, set()))
            for resource, query, vector, near in zip(there, queries, vectors, reach, strict=True)
        ]
        self._catalogue.queue.put(entries)

    def _pass_in(self, serving: Serving) -> _Pass:
        """The pass that is under way, or another where something has changed."""
        index, revision = serving.snapshot.manifest.id, serving.revision
        last = self._pass
        if last is None or last.index != index:
            self._pass = _Pass(index, revision)
        elif last.after is None and last.revision != revision:
            self._pass = _Pass(index, revision, since=last.revision)
        return self._pass or _Pass(index, revision)

    def _reach_in(self, serving: Serving) -> Reach:
        index = serving.snapshot.manifest.id
        if self._reach is None or self._reach[0] != index:
            self._reach = (index, Reach(serving.snapshot.resources))
        return self._reach[1]


def _queued(
    serving: Serving,
    resource: Resource,
    query: Query,
    vector: Matrix,
    reach: float,
    served: Collection[str],
) -> Queued:
    """What is proposed for a resource, which is aligned in the `served` frameworks already."""
    answer = serving.aligner.rank(
        query, vector, k=CONSIDERED, without=serving.retired, explain=False
    )
    framework_of = {
        found.outcome: serving.aligner.entry(found.outcome).outcome.framework
        for found in answer.suggestions
    }
    left = [one for one in answer.suggestions if framework_of[one.outcome] not in served]
    # What fits nothing is worth a look, unless something is known to fit already.
    worth = [one for one in left if one.selected] or left[: 0 if served else 1]
    return Queued(
        resource=resource.id,
        index=serving.snapshot.manifest.id,
        framework=framework_of[worth[0].outcome] if worth else "",
        subject=resource.subject,
        language=resource.language,
        uncertainty=uncertainty([one.confidence for one in worth]),
        reach=reach,
        proposals=tuple(
            Proposal(
                outcome=one.outcome,
                confidence=round(one.confidence, 4),
                selected=one.selected,
            )
            for one in worth
        ),
    )


def _frameworks_of(serving: Serving, alignments: Iterable[Alignment]) -> dict[str, set[str]]:
    """Resource → the frameworks that it is aligned to, as far as they are in the index."""
    found: dict[str, set[str]] = {}
    for one in alignments:
        if (entry := serving.aligner.found(one.outcome)) is not None:
            found.setdefault(one.resource, set()).add(entry.outcome.framework)
    return found
