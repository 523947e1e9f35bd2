"""What resources say of themselves: which are alike in words, and what they have in common."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy import sparse

from data.records import Resource
from models.languages import primary
from models.learner.continuation_relations import Relation, Rows, nearest
from models.lexical import tokens
from models.text import resource_text

READ: Final = 2_000
"""Characters of a text that are looked at: its beginning says what it is about."""

# What resources may have in common, besides outcomes.
FIELDS: Final[Mapping[str, Callable[[Resource], Iterable[str]]]] = {
    "kind": lambda resource: [resource.kind or ""],
    "subject": lambda resource: [resource.subject or ""],
    "levels": lambda resource: resource.levels,
    "language": lambda resource: [primary(resource.language or "")],
}


class Catalogue:
    """Resources [n] in the order of their catalogue, which is often one to learn in.

    `outcomes` says what each is aligned to, by id. A resource belongs to the course of its
    outcome with the lowest id: `course` [n] numbers them from 0, those without outcomes have one
    of their own each. `place` [n] counts the resources of the course that stand before it,
    `mates` [n] all.
    """

    def __init__(
        self, resources: Sequence[Resource], outcomes: Mapping[str, Collection[str]]
    ) -> None:
        self.row = {resource.id: row for row, resource in enumerate(resources)}
        self.texts = nearest(
            _vectors([resource_text(one)[:READ] for one in resources], analyzer=tokens)
        )
        self.titles = nearest(
            _vectors([one.title for one in resources], analyzer="char_wb", ngram_range=(3, 5))
        )
        aligned = [sorted(outcomes.get(one.id, ())) for one in resources]
        self.outcomes = _tags(aligned)
        self.fields = {name: _tags(map(said, resources)) for name, said in FIELDS.items()}
        names = [mine[0] if mine else f"\0{row}" for row, mine in enumerate(aligned)]
        _, self.course = np.unique(np.array(names, dtype=str), return_inverse=True)
        self.by_course: Rows = np.argsort(self.course, kind="stable")
        self.mates: Rows = np.bincount(self.course)[self.course]
        self.place = self.before_in_course(np.ones(len(resources)))

    def __len__(self) -> int:
        return len(self.row)

    def before_in_course(self, counted: Any) -> Any:
        """How much of `counted` [n] stands before each resource in its course."""
        sorted_ = counted[self.by_course]
        before = np.cumsum(sorted_) - sorted_
        course = self.course[self.by_course]
        first = np.searchsorted(course, course)  # where in the sorted rows the course begins
        found = np.empty(len(sorted_))
        found[self.by_course] = before - before[first]
        return found


def _vectors(texts: Sequence[str], **how: Any) -> Relation:
    """Unit TF-IDF vectors [n, words]; empty ones where no text has a word."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        found = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **how).fit_transform(texts)
    except ValueError:  # it refuses to have no words
        return sparse.csr_array((len(texts), 1), dtype=np.float32)
    return sparse.csr_array(found)


def _tags(said: Iterable[Iterable[str]]) -> Relation:
    """Which of the values that are said somewhere [v] each resource says: 0 or 1 [n, v]."""
    numbers: dict[str, int] = {}
    rows = [set(filter(None, each)) for each in said]
    pairs = [
        (row, numbers.setdefault(value, len(numbers)))
        for row, values in enumerate(rows)
        for value in sorted(values)
    ]
    place = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    shape = (len(rows), max(1, len(numbers)))
    return sparse.csr_array((np.ones(len(pairs), dtype=np.float32), tuple(place)), shape=shape)
