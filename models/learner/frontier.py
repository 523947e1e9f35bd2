"""Which outcomes a learner is to work on now, and what for.

Those that are not mastered while what they build on probably is (the outer fringe of knowledge
space theory: Doignon & Falmagne 1985), those that are being forgotten, or the way to a goal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from models.learner.curriculum import Curriculum, Rows, Values
from models.learner.mastery import MASTERED, Mask, Mastery

CONSIDERED: Final = 24
LEVELS_AHEAD, LEVELS_BACK = 1, 4
MOST: Final = 0.8
"""Who has mastered so much of a level is taken to have reached the next."""

# What an outcome is worth: what part of it an hour is expected to bring,
LEAST: Final = 0.05  # (what a teacher says cannot be done yet has to be taught as well),
AHEAD: Final = 0.3  # the less, the further it is ahead of the learner's level,
UNLOCKING: Final = 0.05  # and the more, the more outcomes wait for it.

# Prerequisites are seldom all stated, and curricula are in an order for a reason: each outcome just
# before it in its strand that is not known may be one, and takes so much of the worth.
UNSTATED: Final = 0.45


class Purpose(StrEnum):
    """What an outcome is recommended for."""

    NEXT = "next"
    REVIEW = "review"
    GOAL = "goal"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """Outcome rows, the worthiest first, with their worth and what each is for.

    `level` is the learner's (a rank), or the one further on that they have `reached`.
    """

    rows: Rows
    worth: Values
    purposes: Mapping[int, Purpose]
    level: float | None


def frontier(
    curriculum: Curriculum,
    mastery: Mastery,
    teachable: Mask,
    *,
    framework: str,
    level: float | None,
    goal: str | None = None,
) -> Frontier:
    """At most CONSIDERED of the outcomes that are `teachable` [n], since there are resources.

    With a goal only those on the way to it.
    """
    known = mastery.mastered
    open_ = teachable & ~known & (curriculum.frameworks == framework)
    open_ &= curriculum.weakest_requirement(known.astype(float)) == 1
    furthest = reached(curriculum, mastery, framework, level)
    if goal is None:
        open_ &= _near(curriculum, level, furthest)
    else:
        wanted = np.zeros(len(curriculum), dtype=bool)
        wanted[list(missing(curriculum, mastery, goal))] = True
        open_ &= wanted
    due = open_ & (mastery.answers > 0) & (mastery.remembered >= MASTERED)
    worth = _worth(curriculum, mastery, level)
    rows = np.flatnonzero(open_)
    # The sort is stable and small differences are none, so that curriculum order decides.
    rows = rows[np.argsort(-worth[rows].round(4), kind="stable")][:CONSIDERED]
    otherwise = Purpose.NEXT if goal is None else Purpose.GOAL
    purposes = {row: Purpose.REVIEW if due[row] else otherwise for row in rows.tolist()}
    return Frontier(rows=rows, worth=worth[rows], purposes=purposes, level=furthest)


def reached(
    curriculum: Curriculum, mastery: Mastery, framework: str, level: float | None
) -> float | None:
    """A learner's level (a rank), or the one after it of which, and before, most is mastered."""
    if level is None:
        return None
    mastered = mastery.mastered
    own = curriculum.frameworks == framework
    while (there := own & (curriculum.ranks == level)).any() and mastered[there].mean() >= MOST:
        level += 1
    return level


def path(curriculum: Curriculum, mastery: Mastery, goal: str) -> list[int]:
    """Rows still to be mastered on the way to a goal, what is required first."""
    return curriculum.in_order(missing(curriculum, mastery, goal))


def missing(curriculum: Curriculum, mastery: Mastery, goal: str) -> set[int]:
    """Rows of a goal that are not mastered, and of what they build on; none for an unknown goal.

    What stands behind a mastered outcome is not asked for again.
    """
    mastered = mastery.mastered
    waiting = [row for row in curriculum.under(goal) if not mastered[row]]
    found = set(waiting)
    while waiting:
        for needed in curriculum.requires(waiting.pop()):
            if not mastered[needed] and needed not in found:
                found.add(needed)
                waiting.append(needed)
    return found


def _worth(curriculum: Curriculum, mastery: Mastery, level: float | None) -> Values:
    """Outcomes [n] that an hour spent on each is expected to bring, and what else speaks for it."""
    worth = np.maximum(60 * np.maximum(mastery.practice, mastery.explanation), LEAST)
    worth *= curriculum.in_turn(mastery.belief, UNSTATED)
    if level is not None:
        worth *= np.exp(-AHEAD * np.maximum(0.0, np.nan_to_num(curriculum.ranks - level)))
    edges = curriculum.edges
    waiting = edges.requires[~mastery.mastered[edges.outcome]]
    found: Values = worth * (
        1 + UNLOCKING * np.log1p(np.bincount(waiting, minlength=len(curriculum)))
    )
    return found


def _near(curriculum: Curriculum, level: float | None, furthest: float | None) -> Mask:
    if level is None or furthest is None:
        return np.ones(len(curriculum), dtype=bool)
    ranks = curriculum.ranks
    near: Mask = ~(ranks > furthest + LEVELS_AHEAD) & ~(ranks < level - LEVELS_BACK)
    return near
