"""Resources with known answers → lists of candidates with features: what a second stage learns."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.errors import GatewaysError
from models.alignment.examiner import Examiner
from models.alignment.facets import Facets
from models.alignment.retrieval import Retrieval
from models.encoder import Encoder, Progress
from models.ranking.confidence import Situation
from models.ranking.features import Values
from models.ranking.fusion import Scores
from models.snapshots.snapshot import Snapshot
from models.text import query_of, resource_text
from training.labelled import Labelled
from training.second_stage.parts import Part, Source, draw_parts

Truths = npt.NDArray[np.bool_]

# So few weights need no more resources; embedding the rest would only take time. Each resource is
# asked for in many parts: three times as many for Oak steadied the fit ("More parts" in
# docs/experiments.md), of few resources they would say the same again.
RESOURCES = 1500
SIZE = 80
FEWEST_PARTS, MOST_PARTS = 72, 216
RESOURCES_A_PART = 6
FEWEST = 100
FOLDS = 5


class TooFewError(GatewaysError):
    """There is too little known to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One list: features [n, d] of its candidates, which are `right` [n] and which `rejected` [n].

    `scores` [n] are those of fusion, in falling order; `asked` says what was asked. Lists of one
    outcome are in one `fold`.
    """

    features: Values
    scores: Scores
    right: Truths
    rejected: Truths
    fits: bool
    asked: Situation
    fold: int


def draw_lists(
    snapshot: Snapshot,
    encoder: Encoder,
    labelled: Labelled,
    *,
    words_weight: float,
    seed: int,
    progress: Progress | None = None,
) -> list[Asked]:
    """Lists of many parts of a snapshot's frameworks for labelled resources.

    `progress` is told how many resources are done, and SIZE for each part, whose own number varies.
    Raises TooFewError when there are too few to learn from, or of too few outcomes.
    """
    there = {entry.outcome.id for entry in snapshot.entries}
    gold = labelled.gold
    usable = [resource for resource in labelled.resources if gold[resource.id] & there]
    if len(usable) < FEWEST:
        raise TooFewError(
            f"{len(usable)} aligned resources are too few to fit on; {FEWEST} are needed"
        )
    generator = np.random.default_rng(seed)
    kept = [usable[place] for place in sorted(generator.permutation(len(usable))[:RESOURCES])]
    vectors = encoder.encode([resource_text(resource) for resource in kept], progress)
    source = Source(
        snapshot=snapshot,
        resources=kept,
        vectors={found.id: vector for found, vector in zip(kept, vectors, strict=True)},
        gold=gold,
    )
    parts = draw_parts(source, parts=parts_for(len(kept)), size=SIZE, generator=generator)
    lists: list[Asked] = []
    for part in parts:
        lists += _lists(part, encoder, labelled, words_weight)
        if progress is not None:
            progress(SIZE)
    if len({found.fold for found in lists if found.fits}) < 2:  # nothing to judge a fold by
        raise TooFewError("the resources are aligned to too few outcomes to fit on")
    return lists


def parts_for(resources: int) -> int:
    """How many parts are drawn for so many resources."""
    return min(max(resources // RESOURCES_A_PART, FEWEST_PARTS), MOST_PARTS)


def _lists(
    part: Part,
    encoder: Encoder,
    labelled: Labelled,
    words_weight: float,
) -> Iterator[Asked]:
    entries = part.snapshot.entries
    ids = np.array([entry.outcome.id for entry in entries], dtype=object)
    everything = np.ones(len(entries), dtype=bool)
    frameworks = Facets(entries).frameworks
    examiner = Examiner(part.snapshot, Retrieval(part.snapshot, frameworks, words_weight))
    queries = [query_of(resource) for resource in part.resources]
    vectors = encoder.encode([query.text for query in queries])
    for query, vector in zip(queries, vectors, strict=True):
        relevant = labelled.gold.get(query.resource or "", frozenset()).intersection(ids)
        rejected = labelled.rejected.get(query.resource or "", frozenset())
        for examined in examiner.examine(query, vector, everything):
            found = examined.candidates
            yield Asked(
                features=examined.features,
                scores=found.scores,
                right=np.array([id_ in relevant for id_ in ids[found.rows]], dtype=bool),
                rejected=np.array([id_ in rejected for id_ in ids[found.rows]], dtype=bool),
                fits=bool(relevant),
                asked=examined.asked,
                fold=zlib.crc32(min(relevant, default=query.text).encode()) % FOLDS,
            )
