"""A question to the index in use and its answer, now or ahead of time."""

import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from models.encoder import Matrix
from models.suggestion import Answer, Filters, Query
from service.engine.live import Serving

KEPT_AHEAD: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What suggestions are wanted for; `without` are outcomes that were rejected for it."""

    query: Query
    filters: Filters
    k: int
    resource: str | None = None
    without: Collection[str] = ()


class Ahead:
    """Answers that were worked out before they are asked for, the latest few."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[object, ...], Answer] = OrderedDict()

    def prepare(self, serving: Serving, asked: Asked) -> Answer | None:
        """Work out what a resource will be answered; None for one that is not in the index."""
        vector = known(serving, asked)
        answer = self.get(serving, asked)
        if answer is None and vector is not None:
            answer = ranked(serving, asked, vector)
            with self._lock:
                self._answers[_key(serving, asked)] = answer
                while len(self._answers) > KEPT_AHEAD:
                    self._answers.popitem(last=False)
        return answer

    def get(self, serving: Serving, asked: Asked) -> Answer | None:
        """The answer, if it was worked out and nothing that it rests on has changed since."""
        with self._lock:
            return self._answers.get(_key(serving, asked))


def known(serving: Serving, asked: Asked) -> Matrix | None:
    """The vector of a resource that is in the index, which was made of the same text."""
    if asked.resource is None:
        return None
    index = serving.snapshot.resources
    rows = index.rows([asked.resource])
    return index.vectors(rows)[0] if rows[0] >= 0 else None


def ranked(serving: Serving, asked: Asked, vector: Matrix) -> Answer:
    """Ask the aligner, for a question and its vector [dimension]."""
    left_out = serving.retired.union(asked.without)
    return serving.aligner.rank(
        asked.query, vector, filters=asked.filters, k=asked.k, without=left_out
    )


def _key(serving: Serving, asked: Asked) -> tuple[object, ...]:
    snapshot = serving.snapshot.manifest.id
    out = (serving.retired, frozenset(asked.without))
    return (snapshot, serving.revision, asked.query, asked.filters, asked.k, *out)
