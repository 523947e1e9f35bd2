"""Who is simulated, and under which policies: one setting → what came of it under each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import numpy as np

from evaluation.measures.metrics import Values
from evaluation.simulation.course import START, Course, end_of, study
from evaluation.simulation.curriculum import World, make_world
from evaluation.simulation.logistic import LogisticStudent
from evaluation.simulation.policies import Oracle, Ordered, Ours, Policy, Popular, Random
from evaluation.simulation.students import Mask, Student, knows_at_start
from evaluation.simulation.tracing import TracedStudent
from models.learner.curriculum import Curriculum
from models.learner.picking import EXPLORED
from models.learner.recommender import Recommender
from models.learner.shelf import Shelf, sure_alignments
from models.learner.tracing import starting_tracer

LEVELS_WITH_GAPS, LEVELS_WITHOUT = (2, 4), (0, 3)
"""From which level on learners are, and from which on they are not."""

OTHERS: Final = 20
"""How many others in the same world, in curriculum order, decide what is popular."""

OURS, EXPLORING, FIXED, POPULAR, RANDOM, ORACLE = (
    "ours",
    "ours, exploring",
    "fixed order",
    "popularity",
    "random",
    "oracle",
)
POLICIES: Final = (OURS, EXPLORING, FIXED, POPULAR, RANDOM, ORACLE)

Kind: TypeAlias = Callable[[World, Mask, np.random.Generator, float], Student]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What learners are like, and whether prerequisites are partly misstated to recommenders."""

    title: str
    kind: Kind
    wrong: bool = False


MODELS: Final[Mapping[str, Model]] = {
    "bkt": Model(title="BKT", kind=TracedStudent),
    "logistic": Model(title="logistic", kind=LogisticStudent),
    "zone": Model(title="zone", kind=partial(LogisticStudent, zone=True)),
    "wrong": Model(title="BKT, misstated", kind=TracedStudent, wrong=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A name of MODELS, and `learners` who study for `hours` in the world of a `seed`.

    With `gaps` they do not know all that comes before their level, and some of what is in it.
    """

    model: str
    gaps: bool
    seed: int
    learners: int
    hours: int

    def draw(self, stream: int, number: int) -> np.random.Generator:
        """The same numbers whenever asked for; one stream for each purpose."""
        return np.random.default_rng([self.seed, stream, number, int(self.gaps)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """Policy → what came of it for each learner, and what ours recommended, all of them together.

    `unready` are those of `shown` that build on something which was not probably mastered by the
    recommender's own estimate.
    """

    courses: Mapping[str, Sequence[Course]]
    shown: int
    unready: int


def simulate(setting: Setting) -> Simulated:
    """The same learners under each of POLICIES."""
    world = make_world(setting.seed, wrong=MODELS[setting.model].wrong)
    curriculum = Curriculum(world.outcomes, world.said)
    shelf = Shelf(curriculum, world.resources, sure_alignments(world.alignments))
    steady, exploring = (
        Recommender(curriculum, shelf, starting_tracer(), explored=share)
        for share in (0.0, EXPLORED)
    )
    opened, end = _opened_by_others(world, setting), end_of(setting.hours)
    courses: dict[str, list[Course]] = {name: [] for name in POLICIES}
    shown = unready = 0
    for number in range(setting.learners):
        level, student = _learner(world, setting, number)
        seed = setting.seed * setting.learners + number
        ours = [Ours(world, each, level, seed) for each in (steady, exploring)]
        knowing = student()
        policies: dict[str, tuple[Student, Policy]] = {
            OURS: (student(), ours[0]),
            EXPLORING: (student(), ours[1]),
            FIXED: (student(), Ordered(world, level)),
            POPULAR: (student(), Popular(opened)),
            RANDOM: (student(), Random(setting.draw(4, number))),
            ORACLE: (knowing, Oracle(world, knowing, end)),
        }
        for name, (one, policy) in policies.items():
            courses[name].append(study(world, one, policy, setting.hours))
        shown += sum(each.shown for each in ours)
        unready += sum(each.unready for each in ours)
    return Simulated(courses=courses, shown=shown, unready=unready)


def _learner(
    world: World, setting: Setting, number: int, streams: tuple[int, int] = (2, 3)
) -> tuple[int, Callable[[], Student]]:
    """A learner's level, and what makes the same learner again and again."""
    draw = setting.draw(streams[0], number)
    level = int(draw.integers(*(LEVELS_WITH_GAPS if setting.gaps else LEVELS_WITHOUT)))
    known = knows_at_start(world, level, draw, gaps=setting.gaps)
    kind = MODELS[setting.model].kind
    return level, lambda: kind(world, known, setting.draw(streams[1], number), START)


def _opened_by_others(world: World, setting: Setting) -> Values:
    """How often each activity [m] was done by others, who follow the curriculum."""
    times: Counter[int] = Counter()
    for number in range(OTHERS):
        level, student = _learner(world, setting, number, (5, 6))
        times.update(study(world, student(), Ordered(world, level), setting.hours).done)
    return np.array([times[one] for one in range(len(world.activities))], dtype=float)
