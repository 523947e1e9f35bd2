"""What learners did, counted: what is opened, begun with, opened next, soon after and together."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.ndimage import gaussian_filter1d

from data.records import Event, Interaction
from models.learner.continuation_catalogue import Catalogue
from models.learner.continuation_relations import Relation, Rows, Values, nearest, shares

SOON: Final = 10
FADING: Final = 0.8
"""What each further step between two resources leaves of what they have to do with each other."""

HALF_LIFE: Final = 0.25
"""After this share of all contacts, a contact counts half for what is usual lately."""

NEARBY: Final = 3
"""Steps in the catalogue within which the opening of others says something of a resource."""

ENDED: Final = {Event.SKIPPED: -1.0, Event.COMPLETED: 1.0}


@dataclass(frozen=True, slots=True)
class Trail:
    """What one learner opened, each resource once, in its order of time; arrays [m].

    `rows` are the catalogue's, `times` in Unix seconds, `ended` is 1 where the resource was
    completed, -1 where it was skipped, else 0.
    """

    rows: Rows
    times: Values
    ended: Values

    def before(self, place: int) -> "Trail":
        """What was opened before the contact at `place`."""
        return Trail(self.rows[:place], self.times[:place], self.ended[:place])


def first_contacts(interactions: Iterable[Interaction], known: Container[str]) -> list[Interaction]:
    """Each learner's first interaction with each known resource, in order of time.

    At equal times the order is that of `interactions`.
    """
    first: dict[tuple[str, str], Interaction] = {}
    for one in sorted(interactions, key=lambda one: one.time):
        if one.resource is not None and one.resource in known:
            first.setdefault((one.learner, one.resource), one)
    return list(first.values())


def trail_of(contacts: Iterable[Interaction], row: Mapping[str, int]) -> Trail:
    """The first contacts of one learner as arrays."""
    found = [(row[one.resource or ""], one.time, ENDED.get(one.event, 0.0)) for one in contacts]
    rows, times, ended = np.array(found, dtype=float).reshape(-1, 3).T
    return Trail(rows.astype(np.int64), times, ended)


class Counts:
    """Counted over first contacts in order of time; `n` resources.

    Shares [n] of all contacts: `opened`, `nearby` (of what stands near it in the catalogue),
    `lately` (the later the more it counts) and `begun` (only the first of each learner, the later
    ones the more).

    Relations [n, n]: `next` and `soon`, what share of those at a resource went on to another at
    once or within SOON steps (Rendle, Freudenthaler & Schmidt-Thieme, Factorizing Personalized
    Markov Chains, 2010, but without the factors, for which there are too few data); `before`, from
    where they came; `together`, the cosine of who opened both (Sarwar et al., Item-Based
    Collaborative Filtering Recommendation Algorithms, 2001). `onward` [o, o] is `next` between
    outcomes.
    """

    def __init__(self, contacts: Iterable[Interaction], catalogue: Catalogue) -> None:
        sorted_ = list(contacts)
        rows = np.array([catalogue.row[one.resource or ""] for one in sorted_], dtype=np.int64)
        numbers: dict[str, int] = {}
        learner = np.array(
            [numbers.setdefault(one.learner, len(numbers)) for one in sorted_], dtype=np.int64
        )
        size = len(catalogue)
        age = np.arange(len(rows), 0, -1) / max(1, len(rows))
        fresh = 0.5 ** (age / HALF_LIFE)
        begins = np.zeros(len(rows), dtype=bool)
        begins[np.unique(learner, return_index=True)[1]] = True
        self.opened = _share(rows, np.ones(len(rows)), size)
        self.nearby = gaussian_filter1d(self.opened, NEARBY, mode="constant")
        self.lately = _share(rows, fresh, size)
        self.begun = _share(rows[begins], fresh[begins], size)

        by_learner = np.argsort(learner, kind="stable")
        learner, rows = learner[by_learner], rows[by_learner]
        steps = _steps(learner, rows, 1, size)
        self.next = shares(steps)
        self.before = shares(sparse.csr_array(steps.T))
        soon = sum(
            (FADING ** (lag - 1) * _steps(learner, rows, lag, size) for lag in range(2, SOON + 1)),
            start=steps,
        )
        self.soon = shares(sparse.csr_array(soon))
        self.together = _together(learner, rows, (len(numbers), size))
        tags = catalogue.outcomes
        self.onward = shares(sparse.csr_array(tags.T @ steps @ tags))


def _share(rows: Rows, weights: Values, size: int) -> Values:
    found: Values = np.bincount(rows, weights, minlength=size) / max(1e-9, weights.sum())
    return found


def _steps(learner: Rows, rows: Rows, lag: int, size: int) -> Relation:
    """How often learners came from one resource to another with `lag` steps [n, n]."""
    same = learner[:-lag] == learner[lag:]
    pairs = (rows[:-lag][same], rows[lag:][same])
    return sparse.csr_array((np.ones(same.sum()), pairs), shape=(size, size))


def _together(learner: Rows, rows: Rows, shape: tuple[int, int]) -> Relation:
    """Cosines, with one more learner added to each resource so that single ones prove little."""
    opened: Any = sparse.csr_array((np.ones(len(rows)), (rows, learner)), shape=shape[::-1])
    learners: npt.NDArray[np.float64] = np.asarray(opened.sum(axis=1)).ravel()
    return nearest(sparse.csr_array(sparse.diags_array(1 / np.sqrt(learners + 1)) @ opened))
