"""What speaks for a resource as the next one: signals that a person could name."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.learner.continuation_catalogue import FIELDS, Catalogue
from models.learner.continuation_counts import FADING, Counts, Trail
from models.learner.continuation_relations import Relation, Rows, Values, gathered

Signals = npt.NDArray[np.float32]

RECENT: Final = 20
SESSION: Final = 3_600.0
"""Seconds without a contact after which a learner has come back rather than gone on."""

NAMES: Final = (
    "opened",
    "opened lately",
    "begun with",
    "opened nearby",
    "next",
    "next after recent",
    "soon after recent",
    "came from",
    "together with last",
    "together with recent",
    "catalogue: steps",
    "catalogue: unseen steps",
    "catalogue: ahead of recent",
    "catalogue: behind recent",
    "catalogue: off the stride",
    "text: last",
    "text: recent",
    "title: last",
    "outcomes: last",
    "outcomes: recent",
    "outcomes: next",
    "course: unseen before",
    "course: place",
    "course: seen",
    "course: left",
    *(f"same {field}" for field in FIELDS),
    "learner: contacts",
    "learner: one step on",
    "learner: last pause",
    "learner: session",
    "learner: ended",
)
COLUMN: Final = {name: column for column, name in enumerate(NAMES)}

# Of these it matters, too, how a resource compares to the best of the others.
COMPARED: Final = (
    "next",
    "next after recent",
    "soon after recent",
    "came from",
    "together with last",
    "together with recent",
    "text: last",
    "text: recent",
    "title: last",
    "outcomes: last",
    "outcomes: recent",
    "outcomes: next",
)


def signals(trail: Trail, counts: Counts, catalogue: Catalogue) -> Signals:
    """Signals [n, len(NAMES)] of every resource for a learner who has a trail of one or more.

    NaN where nothing can be said. The latest contact counts most, others fade with each step.
    """
    recent = trail.rows[: -RECENT - 1 : -1]
    weights: Values = np.power(FADING, np.arange(len(recent)))
    last, once = recent[:1], np.ones(1)
    outcomes = catalogue.outcomes
    columns: list[Values | float] = [
        counts.opened,
        counts.lately,
        counts.begun,
        counts.nearby,
        gathered(counts.next, last, once),
        gathered(counts.next, recent, weights),
        gathered(counts.soon, recent, weights),
        gathered(counts.before, last, once),
        gathered(counts.together, last, once),
        gathered(counts.together, recent, weights),
        *_in_catalogue(trail, recent, len(catalogue)),
        gathered(catalogue.texts, last, once),
        gathered(catalogue.texts, recent, weights),
        gathered(catalogue.titles, last, once),
        outcomes @ gathered(outcomes, last, once),
        outcomes @ gathered(outcomes, recent, weights),
        outcomes @ (gathered(outcomes, last, once) @ counts.onward),
        *_in_course(trail, catalogue),
        *(_agreement(tags, int(last[0])) for tags in catalogue.fields.values()),
        *_of_learner(trail),
    ]
    found = np.empty((len(catalogue), len(NAMES)), dtype=np.float32)
    for column, values in enumerate(columns):
        found[:, column] = values
    return found


def untuned(found: Signals) -> Values:
    """A score [n] that nothing was fitted for: Markov, item to item, catalogue order and text.

    Each is taken as a share of its highest value.
    """
    return nearness(found) + sum(
        of_highest(found[:, COLUMN[name]])
        for name in ("next", "together with recent", "text: recent")
    )


def nearness(found: Signals) -> Values:
    """How near in the catalogue, 1 for the next one [n]; to go back counts half."""
    steps = found[:, COLUMN["catalogue: steps"]].astype(float)
    near: Values = np.where(steps > 0, 1.0, 0.5) / np.maximum(1, np.abs(steps))
    return near


def compared(found: Signals) -> Signals:
    """Signals of some resources [c, len(NAMES)], and COMPARED ones as shares of their highest."""
    own = found[:, [COLUMN[name] for name in COMPARED]]
    return np.hstack([found, own / np.maximum(own.max(axis=0, initial=0), 1e-9)])


def of_highest(values: Signals) -> Values:
    """Values [n] as a share of their highest; 0 where nothing is above it."""
    share: Values = values.astype(float) / max(float(values.max()), 1e-9)
    return share


def _in_catalogue(trail: Trail, recent: Rows, size: int) -> tuple[Any, ...]:
    """Steps from the last contact, of all and of unseen resources; from recent ones; the stride."""
    place = np.arange(size)
    unseen = _unseen(trail, size)
    steps = (place - recent[0]).astype(float)
    passed = np.cumsum(unseen)
    unseen_steps = passed - passed[recent[0]] - np.where(steps < 0, unseen, 0)
    apart = place - recent[:, None]
    ahead = np.where(apart > 0, apart, size).min(axis=0)
    behind = np.where(apart < 0, -apart, size).min(axis=0)
    stride = float(recent[0] - recent[1]) if len(recent) > 1 else np.nan
    return steps, unseen_steps, ahead, behind, np.abs(steps - stride)


def _in_course(trail: Trail, catalogue: Catalogue) -> tuple[Any, ...]:
    """Unseen resources before each in its course, its place there, what was seen and is left."""
    unseen = _unseen(trail, len(catalogue))
    left = np.bincount(catalogue.course, unseen)[catalogue.course]
    return (
        catalogue.before_in_course(unseen),
        catalogue.place,
        1 - left / catalogue.mates,
        left,
    )


def _of_learner(trail: Trail) -> tuple[float, ...]:
    """What is the same for every resource: how far, how, and how steadily the learner goes on."""
    pauses = np.diff(trail.times)
    back = np.flatnonzero(pauses > SESSION)
    return (
        float(len(trail.rows)),
        float((np.diff(trail.rows[-RECENT:]) == 1).mean()) if len(pauses) else np.nan,
        float(pauses[-1]) if len(pauses) else np.nan,
        float(len(trail.rows) - (back[-1] + 1 if len(back) else 0)),
        float(trail.ended[-1]),
    )


def _agreement(tags: Relation, last: int) -> Values:
    """1 where a resource shares a value with the last one, 0 where not, NaN where one has none."""
    stated = np.diff(tags.indptr) > 0
    if not stated[last]:
        return np.full(len(stated), np.nan)
    return np.where(stated, (tags @ gathered(tags, [last], np.ones(1))) > 0, np.nan)


def _unseen(trail: Trail, size: int) -> Values:
    found = np.ones(size)
    found[trail.rows] = 0
    return found
