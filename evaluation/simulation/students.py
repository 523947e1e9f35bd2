"""What simulated learners of every kind share. All of it is invented, and nothing fitted to data.

A first explanation teaches as much a minute as practice and a further one half of that (doing
teaches more than watching: Koedinger et al., Learning is Not a Spectator Sport, L@S 2015), and
little is learned of an outcome while what it builds on is not known. Learners differ in speed.
"""

from abc import ABC, abstractmethod
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evaluation.measures.metrics import Values
from evaluation.simulation.curriculum import MINUTES_A_QUESTION, World

Mask: TypeAlias = NDArray[np.bool_]

DAY: Final = 86_400.0  # seconds
AGAIN: Final = 0.5
"""What a further explanation teaches of a first one."""

SPEED_SPREAD: Final = 0.3
"""Standard deviation of the logarithm of learners' speeds."""

OLD_DAYS: Final = 200.0
"""For how long what is known at the start has been known."""

KNOWN_IF_READY, KNOWN_IF_NOT, KNOWN_OF_OWN = 0.9, 0.3, 0.2
"""With gaps: how often an outcome of a level before is known, where what it builds on is and where
not, and one of the learner's own level."""


class Student(Protocol):
    """Who studies. Times are Unix seconds and never go back."""

    def mastered(self, now: float) -> Mask:
        """Whether each outcome [n] can truly be done."""

    def ready(self, now: float) -> Mask:
        """Whether all that each outcome [n] truly builds on can be done."""

    def gains(self, now: float, end: float, /) -> Values:
        """How many more outcomes each activity [m] is expected to bring by `end`.

        A part of the way to an outcome counts as that part of it.
        """

    def study(self, activity: int, now: float) -> list[bool]:
        """Do an activity; the answers to its questions, of which an explanation has none."""


def knows_at_start(world: World, level: int, draw: np.random.Generator, *, gaps: bool) -> Mask:
    """What [n] a learner of a level knows: all before it, or with gaps, which have effects."""
    known = np.zeros(len(world.levels), dtype=bool)
    for row, its in enumerate(world.levels):
        ready = all(known[needed] for needed in world.requires[row])
        if not gaps:
            known[row] = its < level
        elif its < level:
            known[row] = draw.random() < (KNOWN_IF_READY if ready else KNOWN_IF_NOT)
        elif its == level:
            known[row] = ready and draw.random() < KNOWN_OF_OWN
    return known


class Studying(ABC):
    """What activities are worth to a learner, and what builds on what.

    `outcome` [m] is the row of each activity, `explains` [m] whether it has no questions, `doses`
    [m] how many questions it is worth, and `speed` a factor of all that is learned. `after` [e] are
    rows, `before` [e] what they build on.
    """

    def __init__(self, world: World, draw: np.random.Generator) -> None:
        self.activities = world.activities
        pairs = [(row, one) for row, needed in enumerate(world.requires) for one in needed]
        self.after, self.before = np.array(pairs).T
        self.outcome = np.array([one.outcome for one in world.activities])
        self.explains = np.array([not one.questions for one in world.activities])
        self.doses = np.array([one.minutes / MINUTES_A_QUESTION for one in world.activities])
        self.speed = float(np.exp(draw.normal(0, SPEED_SPREAD)))
        self._explained: set[int] = set()

    @abstractmethod
    def mastered(self, now: float) -> Mask:
        """Whether each outcome [n] can truly be done."""

    def ready(self, now: float) -> Mask:
        """Whether all that each outcome [n] truly builds on can be done."""
        found: Mask = self.lowest(self.mastered(now).astype(float)) == 1
        return found

    def explain(self, activity: int) -> float:
        """How many questions an explanation is worth; further ones are worth less from now on."""
        worth, row = float(self.doses[activity]), int(self.outcome[activity])
        if row not in self._explained:
            self._explained.add(row)
            self.doses[self.explains & (self.outcome == row)] *= AGAIN
        return worth

    def lowest(self, of: Values) -> Values:
        """The lowest value [n] among what each outcome truly builds on; 1 where nothing."""
        lowest = np.ones(len(of))
        np.minimum.at(lowest, self.after, of[self.before])
        return lowest
