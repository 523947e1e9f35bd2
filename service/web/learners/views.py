"""What learners' pages show, gathered from estimates and recommendations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.catalogue.learners import Activity
from models.learner import answers
from models.learner.situation import Asked
from service.learning import Learning


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
class LearnerPage:
    """A learner's next steps and way to a goal, and the outcomes that something is known of.

    `known` are outcomes with evidence, the surest first; `stated` is the one just spoken of.
    """

    learner: str
    language: str
    framework: str
    level: str | None
    steps: tuple[dict[str, Any], ...]
    goal: str | None
    way: tuple[dict[str, Any], ...]
    known: tuple[dict[str, Any], ...]
    mastered: int
    outcomes: tuple[dict[str, Any], ...]
    stated: str | None


def answers_right(evidence: Mapping[str, Any]) -> str:
    """How many answers of how many were right; some count for less than a whole one."""
    answers, successes = evidence["answers"], evidence["successes"]
    if round(answers) == 0:
        return "less than one answer" if answers else "no answers"
    about = "" if answers == round(answers) and successes == round(successes) else "about "
    return f"{about}{round(successes)} of {round(answers)} answers right"


def card(learning: Learning, activity: Activity, asked: Asked) -> Card:
    """The card of a learner, by the name that they are kept under."""
    teaching, answered = learning.preview(activity.learner, asked)
    told = answers.told(teaching, answered, ())
    return Card(
        learner=activity.learner,
        interactions=activity.interactions,
        framework=told["framework"],
        level=told["level"],
        practised=int((answered.found.mastery.answers > 0).sum()),
        language=told["reason_language"],
        steps=tuple(told["items"]),
    )


def learner_page(
    learning: Learning, learner: str, name: str, asked: Asked, stated: str | None
) -> LearnerPage:
    """The page of a learner, who is kept under `name`. Raises what `Learning.recommend` raises."""
    teaching, answered = learning.recommend(name, asked)
    told = answers.told(teaching, answered, ())
    _, state, mastery, situation = learning.mastery(name, asked)
    estimates = answers.estimates(teaching, state, mastery, situation)["items"]
    known = [one for one in estimates if one["evidence"]["answers"] or one["stated"]]
    way = answers.way(teaching, mastery, asked.goal)["items"] if asked.goal else []
    return LearnerPage(
        learner=learner,
        language=told["reason_language"],
        framework=told["framework"],
        level=told["level"],
        steps=tuple(told["items"]),
        goal=asked.goal,
        way=tuple(way),
        known=tuple(sorted(known, key=lambda one: -one["mastery"])),
        mastered=sum(one["mastered"] for one in known),
        outcomes=tuple(one["outcome"] for one in estimates),
        stated=stated,
    )
