"""A dataset's questions with their answers, read once for every model that is measured on them."""

import hashlib
import json
from dataclasses import dataclass

from data.formats.protocol import Document
from data.records import Resource, Split
from evaluation.alignment.protocol import Task, read_gold, read_task
from evaluation.alignment.scoring import Gold


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One split of a dataset: what is asked, and what would be right."""

    dataset: str
    split: Split
    task: Task
    gold: Gold

    @property
    def assignable(self) -> frozenset[str]:
        """Ids of the candidates."""
        return frozenset(outcome.id for outcome in self.task.outcomes if outcome.assignable)

    @property
    def resources(self) -> dict[str, Resource]:
        """Each of the gold's queries; one that the dataset has no resource for has its id alone."""
        known = {query.id: query for query in self.task.queries}
        return {id_: known.get(id_, Resource(id=id_, title=id_)) for id_ in self.gold}

    @property
    def fingerprint(self) -> str:
        """The same for the same queries, candidates and gold, in whatever order they stand."""
        relevant = sorted((query, sorted(outcomes)) for query, outcomes in self.gold.items())
        queries = sorted(query.id for query in self.task.queries)
        stated = json.dumps([queries, sorted(self.assignable), relevant])
        return hashlib.sha256(stated.encode()).hexdigest()[:16]


def read_benchmark(document: Document, split: Split) -> Benchmark:
    """Read one split of a dataset. Raises GatewaysError when there is nothing to measure."""
    return Benchmark(
        dataset=document.dataset.name,
        split=split,
        task=read_task(document, split),
        gold=read_gold(document, split),
    )
