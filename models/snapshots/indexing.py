"""Records → a snapshot in memory: the road from a catalogue or a dataset folder to an index."""

from collections.abc import Mapping, Sequence

from data.records import Outcome, Resource
from models.encoder import Encoder, Progress
from models.entry import Entry
from models.index import Milvus, VectorIndex, Wanted, brought_up_to, kind_of, make_index
from models.lexical import LexicalIndex
from models.ranking.background import background_of
from models.ranking.centroids import centroids_of
from models.ranking.confidence import Confidence
from models.snapshots.manifest import stamp
from models.snapshots.snapshot import Snapshot
from models.text import outcome_path, outcome_text, resource_text


def build(  # noqa: PLR0913  one call with all that a snapshot is made of
    outcomes: Sequence[Outcome],
    resources: Sequence[Resource],
    encoder: Encoder,
    *,
    confidence: Confidence,
    revision: int = 0,
    frameworks: Mapping[str, str] | None = None,
    kind: Wanted = "auto",
    before: VectorIndex | None = None,
    milvus: Milvus | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Embed and index the assignable ones of `outcomes` (headings give the paths) and `resources`.

    An index of the resources as they were `before` is brought up to date where that is less work.
    Only the resources go into `milvus`; the outcomes are few, and stay in files.
    `progress` is told how many texts were embedded since the last call.
    """
    entries = outcome_entries(outcomes)
    texts = [outcome_text(entry.outcome, entry.path) for entry in entries]
    vectors = encoder.encode(texts + [resource_text(resource) for resource in resources], progress)
    outcome_ids = [entry.outcome.id for entry in entries]
    resource_ids = [resource.id for resource in resources]
    found = brought_up_to(before, resource_ids, vectors[len(entries) :], kind, milvus)
    return Snapshot(
        manifest=stamp(
            encoder,
            revision=revision,
            frameworks=frameworks or {},
            outcomes=len(entries),
            resources=len(resources),
            index=kind_of(found),
        ),
        entries=entries,
        outcomes=make_index(
            outcome_ids, vectors[: len(entries)], "auto" if kind == "milvus" else kind
        ),
        lexical=LexicalIndex.build(texts),
        resources=found,
        confidence=confidence,
        background=background_of(encoder),
        centroids=centroids_of([one.language for one in resources], vectors[len(entries) :]),
    )


def outcome_entries(outcomes: Sequence[Outcome]) -> list[Entry]:
    """The assignable outcomes with their paths and the levels that hold for them."""
    by_id = {outcome.id: outcome for outcome in outcomes}
    return [
        Entry(outcome, outcome_path(outcome, by_id), inherited_levels(outcome, by_id))
        for outcome in outcomes
        if outcome.assignable
    ]


def inherited_levels(outcome: Outcome, outcomes: Mapping[str, Outcome]) -> tuple[str, ...]:
    """An outcome's own levels or else those of its nearest ancestor that has some."""
    seen: set[str] = set()
    node: Outcome | None = outcome
    while node is not None and node.id not in seen:
        if node.levels:
            return node.levels
        seen.add(node.id)
        node = outcomes.get(node.parent) if node.parent else None
    return ()
