"""A labelled framework → many parts of it, small and large: frameworks as they will be met.

Each has a catalogue of its own: bare, or with resources of which none, some or most were accepted
for outcomes. Each resource is asked for as it might have come: with what its source says of subject
and level, or without; as its title alone; now and then one that fits nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.records import Resource
from models.encoder import Matrix
from models.index import FlatIndex, Rows
from models.lexical import LexicalIndex
from models.ranking.centroids import NOWHERE, centroids_of
from models.snapshots.snapshot import Snapshot
from models.text import outcome_text

# Half of the parts are the whole framework, the others shares of it that have no fewer outcomes.
SHARES = (1, 0.3, 1, 0.1, 1, 0.03)
SMALLEST = 30
# For twenty of a part's resources that fit something there is one about something else, and one
# that says nothing at all.
FOREIGN = 0.05
GARBLED = 0.05
# How often a resource comes without its subject, without its levels (two draws), or as a title.
NO_SUBJECT, NO_LEVELS, TITLE_ALONE = 0.6, 0.6, 0.15
# How many resources its catalogue has for an outcome that has some: ten lessons written for one say
# much of each other, a few resources of many sources say little.
PER_OUTCOME = (0.5, 2, np.inf, np.inf)
# How often a part's catalogue is bare, or has resources without an alignment only; else a share of
# them was accepted, those of every second outcome left out.
BARE, UNALIGNED = 0.15, 0.5
ACCEPTED = (0.02, 0.1, 0.4, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A snapshot of some outcomes of one framework, and resources to ask it about."""

    snapshot: Snapshot
    resources: Sequence[Resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What parts are drawn from: a snapshot, and resources with their vectors and answers."""

    snapshot: Snapshot
    resources: Sequence[Resource]
    vectors: Mapping[str, Matrix]
    gold: Mapping[str, frozenset[str]]


def draw_parts(
    source: Source, *, parts: int, size: int, generator: np.random.Generator
) -> Iterator[Part]:
    """Draw `parts` parts of the frameworks, each with up to `size` resources that fit something."""
    entries = source.snapshot.entries
    frameworks = sorted({entry.outcome.framework for entry in entries})
    for number in range(parts):
        framework = frameworks[number % len(frameworks)]
        rows = [row for row, entry in enumerate(entries) if entry.outcome.framework == framework]
        share = SHARES[(number // len(frameworks)) % len(SHARES)]
        part = part_of(source.snapshot, _drawn_rows(source.snapshot, rows, share, generator))
        yield _asked(source, part, size, generator)


def part_of(snapshot: Snapshot, rows: Rows) -> Snapshot:
    """The snapshot of some outcomes alone, without resources."""
    entries = [snapshot.entries[row] for row in rows]
    ids = [entry.outcome.id for entry in entries]
    texts = [outcome_text(entry.outcome, entry.path) for entry in entries]
    return replace(
        snapshot,
        entries=entries,
        outcomes=FlatIndex(ids, snapshot.outcomes.vectors(rows)),
        lexical=LexicalIndex.build(texts),
        resources=FlatIndex([], np.empty((0, snapshot.outcomes.dimension), np.float32)),
        centroids=NOWHERE,
        accepted={},
    )


def _drawn_rows(
    snapshot: Snapshot, rows: Sequence[int], share: float, generator: np.random.Generator
) -> Rows:
    """Rows of some subjects, then some rows of those: a curriculum is seldom spread evenly."""
    wanted = max(SMALLEST, round(share * len(rows)))
    by_subject: dict[str | None, list[int]] = {}
    for row in rows:
        by_subject.setdefault(snapshot.entries[row].outcome.subject, []).append(row)
    kept: list[int] = []
    for place in generator.permutation(len(by_subject)):
        if len(kept) < wanted:
            kept += list(by_subject.values())[place]
    drawn: Rows = np.sort(generator.permutation(np.array(kept, dtype=np.int64))[:wanted])
    return drawn


def _asked(source: Source, part: Snapshot, size: int, generator: np.random.Generator) -> Part:
    here = {entry.outcome.id for entry in part.entries}
    subjects = {entry.outcome.subject for entry in part.entries}
    native = [found for found in source.resources if source.gold[found.id] & here]
    foreign = [
        found
        for found in source.resources
        if not source.gold[found.id] & here and found.subject not in subjects
    ]
    drawn = _some(native, size, generator)
    garbled = [_garbled(found, generator) for found in drawn[: round(GARBLED * len(drawn))]]
    strangers = _some(foreign, round(FOREIGN * len(drawn)), generator)
    asked = [_as_it_might_come(found, generator) for found in (*drawn, *strangers)]
    return Part(
        snapshot=_with_catalogue(source, part, native, drawn, generator),
        resources=asked + garbled,
    )


def _with_catalogue(
    source: Source,
    part: Snapshot,
    native: Sequence[Resource],
    drawn: Sequence[Resource],
    generator: np.random.Generator,
) -> Snapshot:
    draw = generator.random()
    if draw < BARE or not native:
        return part
    taught = sorted(frozenset[str]().union(*(source.gold[found.id] for found in native)))
    kept = generator.choice(PER_OUTCOME) * len(taught) / len(native)
    there = [found for found in native if generator.random() < kept]
    if not there:
        return part
    ids = [found.id for found in there]
    vectors = np.stack([source.vectors[name] for name in ids])
    part = replace(
        part,
        resources=FlatIndex(ids, vectors),
        centroids=centroids_of([found.language for found in there], vectors),
    )
    if draw < BARE + UNALIGNED:
        return part
    asked = {found.id for found in drawn}
    cold = {name for name in taught if generator.random() < 0.5}
    share = generator.choice(ACCEPTED)
    accepted = {
        name: sorted(source.gold[name])
        for name in ids
        if name not in asked and not source.gold[name] & cold and generator.random() < share
    }
    return replace(part, accepted=accepted)


def _as_it_might_come(resource: Resource, generator: np.random.Generator) -> Resource:
    alone = generator.random() < TITLE_ALONE
    return replace(
        resource,
        description="" if alone else resource.description,
        text="" if alone else resource.text,
        subject=None if generator.random() < NO_SUBJECT else resource.subject,
        levels=() if generator.random() < NO_LEVELS else resource.levels,
    )


def _garbled(resource: Resource, generator: np.random.Generator) -> Resource:
    """The letters of the title's words, shuffled: what a tokeniser still makes something of."""
    words = (list(word) for word in resource.title.split())
    title = " ".join("".join(generator.permutation(word)) for word in words)
    return Resource(id=f"{resource.id} garbled", title=title, language=resource.language)


def _some(
    resources: Sequence[Resource], most: int, generator: np.random.Generator
) -> list[Resource]:
    return [resources[place] for place in generator.permutation(len(resources))[:most]]
