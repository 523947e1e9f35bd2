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

# What an outcome is worth: most where success is as likely as not, for there most is learned
# (the zone of proximal development: Vygotsky 1978; Wilson et al., Nature Communications 2019),
LEAST: Final = 0.1  # (what a teacher says cannot be done yet has to be taught as well),
FAR_LEVEL: Final = 0.35  # the less, the further from the learner's level,
UNLOCKING: Final = 0.15  # the more, the more outcomes wait for it,
BEGUN: Final = 0.3  # and the more if it was begun; what is forgotten has
REVIEWED: Final = 0.8  # a worth of its own.

# Prerequisites are seldom all stated, and curricula are in an order for a reason: what stands after
# something of its strand that is not mastered has so much less worth.
OUT_OF_ORDER: Final = 0.8

# Who does not get on after so many answers may lack something that the prerequisites do not say, so
# other outcomes come first, the more so the more answers failed since.
STUCK_AFTER, STUCK = 10.0, 0.1


class Purpose(StrEnum):
    """What an outcome is recommended for."""

    NEXT = "next"
    REVIEW = "review"
    GOAL = "goal"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """Outcome rows, the worthiest first, with their worth and what each is for."""

    rows: Rows
    worth: Values
    purposes: Mapping[int, Purpose]


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
    if goal is None:
        open_ &= _near(curriculum, level)
    else:
        wanted = np.zeros(len(curriculum), dtype=bool)
        wanted[list(missing(curriculum, mastery, goal))] = True
        open_ &= wanted
    due = open_ & (mastery.answers > 0) & (mastery.remembered >= MASTERED)
    worth = np.where(due, REVIEWED, _worth(curriculum, mastery, level))
    rows = np.flatnonzero(open_)
    # The sort is stable and small differences are none, so that curriculum order decides.
    rows = rows[np.argsort(-worth[rows].round(4), kind="stable")][:CONSIDERED]
    otherwise = Purpose.NEXT if goal is None else Purpose.GOAL
    purposes = {row: Purpose.REVIEW if due[row] else otherwise for row in rows.tolist()}
    return Frontier(rows=rows, worth=worth[rows], purposes=purposes)


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
    told = np.maximum(mastery.probability, LEAST)
    worth = 4 * told * (1 - told)
    if level is not None:
        away = np.nan_to_num(np.abs(curriculum.ranks - level))
        worth *= np.exp(-FAR_LEVEL * away)
    edges = curriculum.edges
    waiting = edges.requires[~mastery.mastered[edges.outcome]]
    worth *= 1 + UNLOCKING * np.log1p(np.bincount(waiting, minlength=len(curriculum)))
    worth *= 1 + BEGUN * (mastery.answers > 0)
    worth *= 1 - OUT_OF_ORDER * (1 - curriculum.mastery_before(mastery.mastered.astype(float)))
    stuck = np.maximum(0.0, mastery.answers - STUCK_AFTER) * (1 - mastery.probability)
    found: Values = worth / (1 + STUCK * stuck)
    return found


def _near(curriculum: Curriculum, level: float | None) -> Mask:
    away = np.nan_to_num(curriculum.ranks - (np.nan if level is None else level))
    near: Mask = (away <= LEVELS_AHEAD) & (away >= -LEVELS_BACK)
    return near
