"""What learners' pages show, gathered from estimates and recommendations."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.catalogue.learners import Activity
from models.learner import answers
from models.learner.mastery import Basis, Mastery
from models.learner.situation import Asked, Situation
from models.learner.teaching import Teaching
from service.engine.learning import Learning
from service.web.learners.map import Map, drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A learner in short: what they are taken to be at, and their next steps."""

    learner: str
    interactions: int
    framework: str
    level: str | None
    practised: int
    language: str
    steps: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Of a subject's outcomes up to the learner's level, how many they have begun, and can do."""

    subject: str
    begun: int
    can: int
    all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerPage:
    """A learner's next steps and way to a goal, and the outcomes that something is known of.

    `known` are outcomes with evidence, the surest first; `stated` is the one just spoken of. `way`
    is None without a goal, and has no places where the goal is reached.
    """

    learner: str
    language: str
    framework: str
    level: str | None
    steps: tuple[dict[str, Any], ...]
    goal: str | None
    way: Map | None
    known: tuple[dict[str, Any], ...]
    mastered: int
    progress: tuple[Progress, ...]
    outcomes: tuple[dict[str, Any], ...]
    stated: str | None


def card(
    learning: Learning, activity: Activity, asked: Asked, languages: Sequence[str] = ()
) -> Card:
    """The card of a learner, by the name that they are kept under; reasons as on their page."""
    teaching, answered = learning.preview(activity.learner, asked)
    told = answers.told(teaching, answered, languages)
    practised = answered.found.mastery.tried & (teaching.curriculum.frameworks == told["framework"])
    return Card(
        learner=activity.learner,
        interactions=activity.interactions,
        framework=told["framework"],
        level=told["level"],
        practised=int(practised.sum()),
        language=told["reason_language"],
        steps=tuple(told["items"]),
    )


def learner_page(
    learning: Learning,
    learner: str,
    name: str,
    asked: Asked,
    *,
    stated: str | None,
    languages: Sequence[str] = (),
    mirrored: bool = False,
) -> LearnerPage:
    """The page of a learner, who is kept under `name`; reasons are told in one of `languages`.

    Raises what `Learning.recommend` raises.
    """
    teaching, answered = learning.recommend(name, asked)
    told = answers.told(teaching, answered, languages)
    _, state, mastery, situation = learning.mastery(name, asked)
    estimates = answers.estimates(teaching, state, mastery, situation)["items"]
    known = [one for one in estimates if one["evidence"]["answers"] or one["stated"]]
    way = answers.way(teaching, mastery, asked.goal)["items"] if asked.goal else None
    return LearnerPage(
        learner=learner,
        language=told["reason_language"],
        framework=told["framework"],
        level=told["level"],
        steps=tuple(told["items"]),
        goal=asked.goal,
        way=None if way is None else drawn(way, mirrored=mirrored),
        known=tuple(sorted(known, key=lambda one: -one["mastery"])),
        mastered=sum(one["mastered"] for one in known),
        progress=_progress(teaching, mastery, situation),
        outcomes=tuple(one["outcome"] for one in estimates),
        stated=stated,
    )


def _progress(teaching: Teaching, mastery: Mastery, situation: Situation) -> tuple[Progress, ...]:
    """By subject, in the order of the curriculum.

    What is above the learner's level is left out, and so are subjects in which nothing was answered
    or said: what someone has not met is no failure of theirs.
    """
    curriculum, level = teaching.curriculum, situation.level
    there: Counter[str] = Counter()
    can: Counter[str] = Counter()
    begun: Counter[str] = Counter()
    told: set[str] = set()
    for row, outcome in enumerate(curriculum.outcomes):
        is_above = level is not None and curriculum.ranks[row] > level
        if outcome.framework == situation.framework and outcome.subject and not is_above:
            there[outcome.subject] += 1
            can[outcome.subject] += bool(mastery.mastered[row])
            begun[outcome.subject] += bool(mastery.tried[row])
            if mastery.basis(row) is not Basis.GUESS:
                told.add(outcome.subject)
    return tuple(
        Progress(subject=subject, begun=begun[subject], can=can[subject], all=count)
        for subject, count in there.items()
        if subject in told
    )
