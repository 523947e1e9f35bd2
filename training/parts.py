"""A labelled framework → many parts of it, small and large: frameworks as they will be met."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.records import Resource
from models.aligner import Aligner
from models.index import FlatIndex, Rows
from models.lexical import LexicalIndex
from models.snapshot import Snapshot
from models.text import outcome_text

# Half of the parts are the whole framework, the others shares of it that have no fewer outcomes.
SHARES = (1, 0.3, 1, 0.1, 1, 0.03)
SMALLEST = 30
# For twenty of a part's resources that fit something there is one about something else, and one
# that says nothing at all.
FOREIGN = 0.05
GARBLED = 0.05


@dataclass(frozen=True, slots=True)
class Part:
    """An aligner over some outcomes of one framework, and resources to ask it about."""

    aligner: Aligner
    resources: Sequence[Resource]


def draw_parts(
    aligner: Aligner,
    resources: Sequence[Resource],
    gold: Mapping[str, frozenset[str]],
    *,
    parts: int,
    size: int,
    generator: np.random.Generator,
) -> Iterator[Part]:
    """Draw `parts` parts of the aligner's frameworks, each with up to `size` resources."""
    entries = aligner.snapshot.entries
    frameworks = sorted({entry.outcome.framework for entry in entries})
    for number in range(parts):
        framework = frameworks[number % len(frameworks)]
        rows = [row for row, entry in enumerate(entries) if entry.outcome.framework == framework]
        share = SHARES[(number // len(frameworks)) % len(SHARES)]
        kept = _drawn_rows(aligner.snapshot, rows, share, generator)
        part = Aligner(part_of(aligner.snapshot, kept), aligner.encoder, aligner.words_weight)
        yield Part(part, _drawn_resources(part, resources, gold, size, generator))


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


def _drawn_resources(
    part: Aligner,
    resources: Sequence[Resource],
    gold: Mapping[str, frozenset[str]],
    size: int,
    generator: np.random.Generator,
) -> list[Resource]:
    here = {entry.outcome.id for entry in part.snapshot.entries}
    subjects = {entry.outcome.subject for entry in part.snapshot.entries}
    native = [found for found in resources if gold[found.id] & here]
    foreign = [
        found for found in resources if not gold[found.id] & here and found.subject not in subjects
    ]
    drawn = _some(native, size, generator)
    garbled = [_garbled(found, generator) for found in drawn[: round(GARBLED * len(drawn))]]
    return drawn + _some(foreign, round(FOREIGN * len(drawn)), generator) + garbled


def _garbled(resource: Resource, generator: np.random.Generator) -> Resource:
    """The letters of the title's words, shuffled: what a tokeniser still makes something of."""
    words = (list(word) for word in resource.title.split())
    title = " ".join("".join(generator.permutation(word)) for word in words)
    return Resource(id=f"{resource.id} garbled", title=title, language=resource.language)


def _some(
    resources: Sequence[Resource], most: int, generator: np.random.Generator
) -> list[Resource]:
    return [resources[place] for place in generator.permutation(len(resources))[:most]]
