"""A short adaptive placement: which outcome to ask a newcomer about next."""

from typing import Final

import numpy as np

from models.learner.curriculum import Curriculum, Values
from models.learner.mastery import Mastery
from models.learner.situation import Situation
from models.learner.state import Learner

QUESTIONS: Final = 10
OPEN: Final = (0.25, 0.75)
"""What is likelier or less likely than this needs no question."""


def next_question(
    learner: Learner, curriculum: Curriculum, mastery: Mastery, situation: Situation
) -> int | None:
    """The outcome row whose answer tells most, or None when enough is known or was asked.

    It is the one that is least certain and speaks for the most others, by what it builds on and
    what builds on it (uncertainty sampling: Lewis & Gale 1994).
    """
    if len(learner.placed) >= QUESTIONS:
        return None
    told = mastery.belief
    low, high = OPEN
    asked = np.zeros(len(curriculum), dtype=bool)
    asked[[curriculum.row[name] for name in learner.placed if name in curriculum.row]] = True
    open_ = (told > low) & (told < high) & ~asked & (curriculum.frameworks == situation.framework)
    rows = np.flatnonzero(open_)
    if not len(rows):
        return None
    worth = told * (1 - told) * np.log1p(1 + _reach(curriculum))
    return int(rows[np.argmax(worth[rows])])


def _reach(curriculum: Curriculum) -> Values:
    """How many outcomes are one edge away from each [n]."""
    edges = curriculum.edges
    size = len(curriculum)
    below = np.bincount(edges.outcome, minlength=size)
    above = np.bincount(edges.requires, minlength=size)
    found: Values = (below + above).astype(float)
    return found
