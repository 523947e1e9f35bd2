"""What is asked of the recommender, and what is taken for the learner's where it is not said."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.errors import GatewaysError
from models.languages import primary
from models.learner.curriculum import Curriculum
from models.learner.shelf import Shelf
from models.learner.state import Learner

OWN_SHARE: Final = 0.2
"""The share of what a learner opened that makes a language one of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is wanted at `now` (Unix seconds): `k` resources, for a goal or for what comes next.

    `goal` is an outcome or a heading. `languages` come in the order of preference; without any
    they are those that the learner uses. `framework` and `level` are the learner's, where they are
    known; else what they did tells. `offline` wants what can be downloaded.
    """

    now: float
    k: int = 5
    goal: str | None = None
    languages: tuple[str, ...] = ()
    kind: str | None = None
    framework: str | None = None
    level: str | None = None
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The curriculum, the level (a rank, None if unknown) and the languages of a learner."""

    framework: str
    level: float | None
    languages: tuple[str, ...]


def situation_of(learner: Learner, curriculum: Curriculum, shelf: Shelf, asked: Asked) -> Situation:
    """Take what was asked, else what the learner's own work tells, else the curriculum's start.

    Raises GatewaysError for a level that the learner's curriculum does not have.
    """
    met = [curriculum.row[name] for name in learner.recent if name in curriculum.row]
    languages = asked.languages or _spoken(learner, shelf)
    framework = asked.framework or _framework(met, curriculum, asked, languages)
    languages = languages or _taught_in(framework, curriculum)
    level: float | None
    if asked.level is not None:
        level = _rank(curriculum, framework, asked.level)
    else:
        level = _usual(curriculum, [row for row in met if curriculum.frameworks[row] == framework])
    return Situation(framework=framework, level=level, languages=languages)


def _rank(curriculum: Curriculum, framework: str, level: str) -> float:
    ranks = {name: rank for (of, name), rank in curriculum.level_ranks.items() if of == framework}
    if level not in ranks:
        there = ", ".join(sorted(ranks, key=ranks.__getitem__)) or "none"
        raise GatewaysError(
            f"level {level!r} is not in framework {framework!r}, which has: {there}; "
            "if another framework is meant, name it as well"
        )
    return ranks[level]


def _framework(
    met: list[int], curriculum: Curriculum, asked: Asked, languages: tuple[str, ...]
) -> str:
    if asked.goal is not None and (rows := curriculum.under(asked.goal)):
        return str(curriculum.frameworks[rows[0]])
    if met:
        return Counter(str(curriculum.frameworks[row]) for row in met).most_common(1)[0][0]
    fits: dict[str, tuple[bool, bool]] = {}
    for outcome, levels in zip(curriculum.outcomes, curriculum.levels, strict=True):
        has_level = asked.level is not None and asked.level in levels
        speaks = primary(outcome.language or "") in languages
        known = fits.get(outcome.framework, (False, False))
        fits[outcome.framework] = max(known, (has_level, speaks))
    return max(fits, key=fits.__getitem__, default="")


def _taught_in(framework: str, curriculum: Curriculum) -> tuple[str, ...]:
    tags = (one.language for one in curriculum.outcomes if one.framework == framework)
    return tuple(dict.fromkeys(language for tag in tags if tag and (language := primary(tag))))


def _usual(curriculum: Curriculum, rows: list[int]) -> float | None:
    ranks = curriculum.ranks[rows]
    known = ranks[~np.isnan(ranks)]
    return float(np.median(known)) if len(known) else None


def _spoken(learner: Learner, shelf: Shelf) -> tuple[str, ...]:
    """Languages that a learner uses for more than a little, the most used first."""
    used: Counter[str] = Counter()
    for name, count in learner.met.items():
        row = shelf.row.get(name)
        if row is not None and shelf.languages[row]:
            used[str(shelf.languages[row])] += count
    much = [name for name, count in used.items() if count >= OWN_SHARE * used.total()]
    return tuple(sorted(much, key=lambda name: (-used[name], name)))
