"""Why something is recommended, in a sentence in the learner's language.

Each language is a file in `messages/`; a further one is a further file.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from models.languages import primary
from models.learner.curriculum import Curriculum
from models.learner.frontier import Purpose
from models.learner.mastery import Basis, Mastery
from models.learner.recommender import Recommended, Step

MESSAGES: Final = Path(__file__).parent / "messages"
FALLBACK: Final = "en"


def spoken(*tags: str | None) -> str:
    """The first of those languages in which reasons can be given, else English."""
    there = languages()
    return next((tag for each in tags if each and (tag := primary(each)) in there), FALLBACK)


@cache
def languages() -> frozenset[str]:
    """The languages in which reasons can be given."""
    return frozenset(path.stem for path in MESSAGES.glob("*.json"))


def reason(step: Step, found: Recommended, curriculum: Curriculum, language: str) -> str:
    """Why this is recommended, in a sentence; titles stay in the curriculum's language.

    A second one says where it comes from, if that is another curriculum.
    """
    names = {}
    if step.builds_on is not None:
        names["known"] = curriculum.outcomes[step.builds_on].title
    if step.towards is not None:
        names["towards"] = curriculum.outcomes[step.towards].title
    if (level := _level(step, found, curriculum)) is not None:
        names["level"] = level
    said = _messages(language)[_key(step, found, curriculum)].format(**names)
    if step.origin is None:
        return said
    origin = curriculum.outcomes[step.origin].title
    return f"{said} {_messages(language)['crosswalk'].format(origin=origin)}"


def _key(step: Step, found: Recommended, curriculum: Curriculum) -> str:
    towards = "_towards" if step.towards is not None else ""
    if step.purpose is Purpose.REVIEW:
        return "review"
    if step.purpose is Purpose.GOAL:
        return f"goal{towards}"
    mastery: Mastery = found.mastery
    if mastery.tried[step.outcome]:
        return f"continue{towards}"
    if step.builds_on is not None:
        # What only the level or the curriculum speaks for is not said to be known.
        is_shown = mastery.basis(step.builds_on) is not Basis.GUESS
        knows = "knowing" if is_shown and mastery.mastered[step.builds_on] else "on"
        return f"next_{knows}{towards}"
    if step.is_gap and towards:
        return f"gap{towards}"
    begins = "level" if curriculum.ranks[step.outcome] > 0 else "begin"
    return f"next{towards}" if mastery.answers.any() else begins


def _level(step: Step, found: Recommended, curriculum: Curriculum) -> str | None:
    """Of the levels of the outcome the one nearest to the learner's, else the lowest."""
    framework = curriculum.outcomes[step.outcome].framework
    ranks = {
        level: curriculum.level_ranks[framework, level] for level in curriculum.levels[step.outcome]
    }
    own = found.situation.level or 0.0
    return min(ranks, key=lambda level: abs(ranks[level] - own), default=None)


@cache
def _messages(language: str) -> Mapping[str, str]:
    said: dict[str, str] = json.loads((MESSAGES / f"{language}.json").read_text(encoding="utf-8"))
    return said
