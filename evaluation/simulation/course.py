"""One simulated learner under one policy: what is done with their hours, and what comes of it.

A learner studies one hour a day. What a policy chooses is studied to its end, so that a day may
last some minutes longer; where it chooses nothing the rest of the day is idle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from data.records import Event, Interaction
from evaluation.simulation.curriculum import MINUTES_A_QUESTION, Activity, World
from evaluation.simulation.policies import Policy
from evaluation.simulation.students import DAY, Student
from models.learner.state import PASSED

START: Final = 1.75e9
"""When every learner begins, in Unix seconds."""

DAILY: Final = 60.0
"""Minutes of study a day."""

LEARNER: Final = "simulated"


@dataclass(slots=True, kw_only=True)
class Course:
    """What came of a learner's hours.

    `mastered` is how many more outcomes they can do at the end than at the beginning, `expected`
    the sum of the gains that were to be expected of each activity when it was begun. Of all
    `minutes` those `known` went to outcomes that could be done, those `unready` to others that
    truly build on something which could not, and those `idle` to nothing. `done` are activities.
    """

    mastered: int = 0
    expected: float = 0.0
    minutes: float = 0.0
    known: float = 0.0
    unready: float = 0.0
    idle: float = 0.0
    done: list[int] = field(default_factory=list)


def end_of(hours: int) -> float:
    """When a course of so many hours is over, in Unix seconds: a night after the last."""
    return START + hours * DAY


def study(world: World, student: Student, policy: Policy, hours: int) -> Course:
    """Let the student do what the policy chooses, an hour a day."""
    course = Course()
    open_ = list(range(len(world.activities)))
    before = int(student.mastered(START).sum())
    for day in range(hours):
        minutes = 0.0
        while minutes < DAILY:
            now = START + day * DAY + minutes * 60
            chosen = policy.choose(open_, now)
            if chosen is None:
                course.idle += DAILY - minutes
                course.minutes += DAILY - minutes
                break
            _count(course, world.activities[chosen], student, now)
            course.expected += float(student.gains(now, end_of(hours))[chosen])
            course.done.append(chosen)
            happened = told(world.activities[chosen], student.study(chosen, now), now)
            if happened[-1].event is Event.COMPLETED:
                open_.remove(chosen)
            policy.saw(happened)
            minutes += world.activities[chosen].minutes
    course.mastered = int(student.mastered(end_of(hours)).sum()) - before
    return course


def told(activity: Activity, answers: Sequence[bool], now: float) -> list[Interaction]:
    """What a platform would be told of an activity begun at `now`, in the order of time.

    Practice is completed from a share of PASSED of right answers on, an explanation always.
    """
    end = now + 60 * activity.minutes

    def event(event: Event, score: float | None = None) -> Interaction:
        return Interaction(
            learner=LEARNER, resource=activity.resource, time=end, event=event, score=score
        )

    if not answers:
        return [event(Event.COMPLETED)]
    share = sum(answers) / len(answers)
    passed = share >= PASSED
    if not activity.by_item:
        return [event(Event.COMPLETED if passed else Event.ATTEMPTED, share)]
    items = [
        Interaction(
            learner=LEARNER,
            resource=activity.resource,
            item=f"{activity.resource}#{place}",
            time=now + 60 * MINUTES_A_QUESTION * (place + 1),
            event=Event.ATTEMPTED,
            score=float(right),
        )
        for place, right in enumerate(answers)
    ]
    return [*items, event(Event.COMPLETED)] if passed else items


def _count(course: Course, activity: Activity, student: Student, now: float) -> None:
    course.minutes += activity.minutes
    if student.mastered(now)[activity.outcome]:
        course.known += activity.minutes
    elif not student.ready(now)[activity.outcome]:
        course.unready += activity.minutes
