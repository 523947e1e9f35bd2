"""A dataset folder → what to learn from, and what to judge by: no resource is in both.

Nor is an outcome, where the splits are by outcome, as those of a cold start are.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from data.errors import GatewaysError
from data.formats.protocol import Document, Row
from data.formats.rejections import Rejection
from data.records import Correspondence, Match, Outcome, Resource, Split
from evaluation.alignment.ablation import Field, resources_without
from evaluation.alignment.protocol import read_gold, read_task
from training.word_lists import NO_WORDS, WordLists

# Of a dataset without a dev split one outcome in so many is held out, with all its resources.
HELD_OUT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Resources and, for each of them, the ids of its relevant outcomes, and of those rejected."""

    resources: Sequence[Resource]
    gold: Mapping[str, frozenset[str]]
    rejected: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """All outcomes of a dataset, what to `learn` from, and what to `judge` by.

    `same` tells which others a crosswalk states to be exactly an outcome, by their ids. `words`
    are translated in what is learned from, now and then.
    """

    dataset: str
    outcomes: Sequence[Outcome]
    learn: Labelled
    judge: Labelled
    same: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: WordLists = NO_WORDS

    def equals(self) -> dict[str, frozenset[str]]:
        """Those of `same` that nothing is judged by, since their texts would be learned."""
        judged = frozenset[str]().union(*self.judge.gold.values())
        return {outcome: others - judged for outcome, others in self.same.items()}


def read_lessons(document: Document) -> Lessons:
    """The train split to learn from and the dev split, or a part of train, to judge by.

    The test split is never read. Raises GatewaysError when there is nothing to learn from.
    """
    task = read_task(document, Split.TRAIN)
    train = _labelled(task.queries, read_gold(document, Split.TRAIN))
    try:
        dev_task = read_task(document, Split.DEV)
    except GatewaysError:  # none has a row in it
        learn, judge = _held_out(train)
    else:
        learn, judge = train, _labelled(dev_task.queries, read_gold(document, Split.DEV))
    if not learn.resources or not judge.resources:
        raise GatewaysError(f"{document.dataset.name}: has too few alignments to learn from")
    return Lessons(
        dataset=document.dataset.name,
        outcomes=task.outcomes,
        learn=learn,
        judge=judge,
        same=_same(document),
    )


def lessons_with(lessons: Lessons, rejections: Iterable[Rejection]) -> Lessons:
    """The lessons with what curators rejected for their resources; the test split's is left out."""
    rejected: defaultdict[str, set[str]] = defaultdict(set)
    for found in rejections:
        if found.split != Split.TEST:
            rejected[found.resource].add(found.outcome)
    return replace(
        lessons,
        learn=_with_rejected(lessons.learn, rejected),
        judge=_with_rejected(lessons.judge, rejected),
    )


def _with_rejected(labelled: Labelled, rejected: Mapping[str, set[str]]) -> Labelled:
    own = {
        found.id: frozenset(rejected[found.id]) - labelled.gold[found.id]
        for found in labelled.resources
        if found.id in rejected
    }
    return replace(labelled, rejected=own)


def lessons_without(lessons: Lessons, fields: Collection[Field]) -> Lessons:
    """The lessons with `fields` gone from their resources."""
    learn, judge = (
        replace(part, resources=resources_without(part.resources, fields))
        for part in (lessons.learn, lessons.judge)
    )
    return replace(lessons, learn=learn, judge=judge)


def _same(document: Document) -> dict[str, frozenset[str]]:
    """Outcome → those that are exactly it, whichever of them the crosswalk names first."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in document.read(Correspondence) if Correspondence in document.kinds else ():
        if isinstance(row, Row) and row.record.match is Match.EXACT:
            found[row.record.outcome].add(row.record.other)
            found[row.record.other].add(row.record.outcome)
    return {outcome: frozenset(others) for outcome, others in found.items()}


def _labelled(resources: Sequence[Resource], gold: Mapping[str, frozenset[str]]) -> Labelled:
    return Labelled(resources=[found for found in resources if found.id in gold], gold=gold)


def _held_out(train: Labelled) -> tuple[Labelled, Labelled]:
    """Part by outcome; a resource of outcomes on both sides is only judged by."""

    def is_held(resource: Resource) -> bool:
        return any(_draw(outcome) % HELD_OUT == 0 for outcome in train.gold[resource.id])

    learn = [found for found in train.resources if not is_held(found)]
    judge = [found for found in train.resources if is_held(found)]
    return _labelled(learn, train.gold), _labelled(judge, train.gold)


def _draw(outcome: str) -> int:
    return int(hashlib.sha256(outcome.encode()).hexdigest()[:8], 16)
