"""A dataset folder → what to learn from, and what to judge by: no outcome is in both."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.errors import GatewaysError
from data.formats.protocol import Document
from data.records import Outcome, Resource, Split
from evaluation.alignment import read_gold, read_task

# Of a dataset without a dev split one outcome in so many is held out, with all its resources.
HELD_OUT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Resources and, for each of them, the ids of its relevant outcomes."""

    resources: Sequence[Resource]
    gold: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """All outcomes of a dataset, what to `learn` from, and what to `judge` by."""

    dataset: str
    outcomes: Sequence[Outcome]
    learn: Labelled
    judge: Labelled


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
    return Lessons(dataset=document.dataset.name, outcomes=task.outcomes, learn=learn, judge=judge)


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
