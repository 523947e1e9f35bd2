"""Who chooses what a simulated learner does next: ours, what it is compared with, and an oracle."""

from collections.abc import Sequence, Set
from typing import Final, Protocol

import numpy as np

from data.records import Event, Interaction
from evaluation.measures.metrics import Values
from evaluation.simulation.curriculum import FRAMEWORK, World, grade
from evaluation.simulation.students import Student
from models.learner.recommender import Recommended, Recommender
from models.learner.situation import Asked
from models.learner.state import Learner

SHOWN: Final = 5
"""How many resources ours is asked for; the first is studied."""

PROBABLY: Final = 0.5
"""From this probability on an outcome is probably mastered."""


class Policy(Protocol):
    """Chooses among activities that are not finished, and is told what came of it."""

    def choose(self, open_: Sequence[int], now: float, /) -> int | None:
        """One of the activities in `open_` at `now` (Unix seconds); None to do nothing."""

    def saw(self, interactions: Sequence[Interaction], /) -> None:
        """Take in what the learner did."""


class Unmoved:
    """Chooses without regard to what came of it."""

    def saw(self, _interactions: Sequence[Interaction], /) -> None:
        """Does nothing."""


class Random(Unmoved):
    """Each alike."""

    def __init__(self, draw: np.random.Generator) -> None:
        self._draw = draw

    def choose(self, open_: Sequence[int], _now: float, /) -> int | None:
        """Any of them."""
        return int(self._draw.choice(open_)) if open_ else None


class Ordered:
    """In curriculum order from a level, and then what is before it.

    Each outcome is explained, practised, explained again and practised, and left after a pass.
    After the last it comes back to those that were not passed.
    """

    def __init__(self, world: World, level: int) -> None:
        self._activities = world.activities
        of: dict[int, list[int]] = {}
        for place, one in enumerate(world.activities):
            of.setdefault(one.outcome, []).append(place)
        first = world.levels.index(level)
        rows = [*range(first, len(world.levels)), *range(first)]
        self._course = [place for row in rows for place in self._lesson(of[row])]
        self._ahead = list(reversed(self._course))
        self._of = {one.resource: one.outcome for one in world.activities}
        self._passed: set[int] = set()

    def choose(self, open_: Sequence[int], _now: float, /) -> int | None:
        """The next of the course that is neither finished nor of an outcome that was passed."""
        free = set(open_)
        while True:
            if not self._ahead:
                self._ahead = [one for one in reversed(self._course) if self._is_left(one, free)]
            if not self._ahead:
                return None
            if self._is_left(one := self._ahead.pop(), free):
                return one

    def saw(self, interactions: Sequence[Interaction], /) -> None:
        """Note a pass: practice that was completed."""
        practised = any(one.score is not None for one in interactions)
        if practised and any(one.event is Event.COMPLETED for one in interactions):
            self._passed.add(self._of[interactions[0].resource or ""])

    def _is_left(self, activity: int, free: Set[int]) -> bool:
        return activity in free and self._activities[activity].outcome not in self._passed

    def _lesson(self, of_outcome: Sequence[int]) -> list[int]:
        explained = [one for one in of_outcome if not self._activities[one].questions]
        practice = [one for one in of_outcome if self._activities[one].questions]
        return [explained[0], *practice[:2], explained[1], *practice[2:]]


class Popular(Unmoved):
    """What most others opened; of equals what the curriculum has first."""

    def __init__(self, opened: Values) -> None:
        self._rank = np.argsort(np.argsort(-opened, kind="stable"))

    def choose(self, open_: Sequence[int], _now: float, /) -> int | None:
        """The most opened; `opened` [m] said how often."""
        return min(open_, key=lambda one: int(self._rank[one]), default=None)


class Oracle(Unmoved):
    """Knows the learner's state and takes what is expected to bring most a minute until `end`.

    It looks one step ahead: what an outcome opens up is worth nothing to it.
    """

    def __init__(self, world: World, student: Student, end: float) -> None:
        self._student, self._end = student, end
        self._minutes = np.array([one.minutes for one in world.activities])

    def choose(self, open_: Sequence[int], now: float, /) -> int | None:
        """The best of them; None where nothing brings anything."""
        rates = (self._student.gains(now, self._end) / self._minutes)[list(open_)]
        if not rates.any():
            return None
        return open_[int(np.argmax(rates))]


class Ours:
    """The recommender, which is told the learner's level and what they do, and nothing else.

    `shown` counts its recommendations, `unready` those among them that build on something which by
    its own estimate is not probably mastered.
    """

    def __init__(self, world: World, recommender: Recommender, level: int, seed: int) -> None:
        self._recommender, self._level, self._seed = recommender, grade(level), seed
        self._learner = Learner()
        self._place = {one.resource: place for place, one in enumerate(world.activities)}
        self._asked = 0
        self.shown = self.unready = 0

    def choose(self, _open: Sequence[int], now: float, /) -> int | None:
        """The first of the list; None where the list is empty."""
        self._asked += 1
        asked = Asked(now=now, k=SHOWN, framework=FRAMEWORK, level=self._level)
        seed = self._seed * 100_003 + self._asked
        found = self._recommender.recommend(self._learner, asked, seed=seed)
        self._check(found)
        if not found.steps:
            return None
        return self._place[self._recommender.shelf.resources[found.steps[0].resource].id]

    def saw(self, interactions: Sequence[Interaction], /) -> None:
        """Take them in as the service does."""
        for one in interactions:
            aligned = self._recommender.shelf.aligned
            self._learner.did(one, self._recommender.tracer, aligned)

    def _check(self, found: Recommended) -> None:
        mastered, requires = found.mastery.belief, self._recommender.curriculum.requires
        self.shown += len(found.steps)
        self.unready += sum(
            any(mastered[needed] < PROBABLY for needed in requires(one.outcome))
            for one in found.steps
        )
