"""Recommendations, estimates and paths → plain values, the same on the wire and at a terminal."""

from collections.abc import Sequence
from typing import Any

from data.downloadable import is_downloadable
from data.records import Statement
from models.learner.curriculum import Curriculum
from models.learner.frontier import path
from models.learner.history import NOTHING
from models.learner.mastery import MASTERED, Mastery
from models.learner.reasons import reason, spoken
from models.learner.situation import Situation
from models.learner.state import Learner
from models.learner.teaching import Answered, Teaching


def told(teaching: Teaching, answered: Answered, languages: Sequence[str]) -> dict[str, Any]:
    """An answer of the recommender, with its reasons in the first of the languages there is."""
    found = answered.found
    curriculum, shelf = teaching.curriculum, teaching.shelf
    language = spoken(*languages, *found.situation.languages)
    steps = []
    for line, step in zip(answered.kept.shown, found.steps, strict=True):
        resource = shelf.resources[step.resource]
        steps.append(
            {
                "resource": {
                    "id": resource.id,
                    "title": resource.title,
                    "kind": resource.kind,
                    "language": resource.language,
                    "url": resource.url,
                    "license": resource.license,
                    "downloadable": is_downloadable(resource) is True,
                },
                "outcome": outcome(curriculum, step.outcome),
                "purpose": step.purpose.value,
                "reason": reason(step, found, curriculum, language),
                "mastery": round(step.mastery, 4),
                "basis": found.mastery.basis(step.outcome).value,
                "position": line.position,
                "score": line.score,
                "propensity": line.propensity,
            }
        )
    return {
        "id": answered.kept.id,
        "policy": answered.kept.policy,
        "framework": found.situation.framework,
        "level": _level(curriculum, found.situation),
        "languages": list(found.situation.languages),
        "known": answered.known,
        "reason_language": language,
        "items": steps,
        "next": None,
    }


def estimates(
    teaching: Teaching, learner: Learner, mastery: Mastery, situation: Situation
) -> dict[str, Any]:
    """What a learner probably can do of their curriculum, with what each estimate rests on."""
    curriculum = teaching.curriculum
    rows = [row for row, name in enumerate(curriculum.frameworks) if name == situation.framework]
    lows, highs = mastery.bounds(rows)
    items = []
    for row, low, high in zip(rows, lows.tolist(), highs.tolist(), strict=True):
        name = curriculum.ids[row]
        done = learner.answered.get(name, NOTHING)
        items.append(
            {
                "outcome": outcome(curriculum, row),
                "mastery": round(float(mastery.probability[row]), 4),
                "low": round(low, 4),
                "high": round(high, 4),
                "mastered": bool(mastery.mastered[row]),
                "evidence": {
                    "answers": round(done.answers, 2),
                    "successes": round(done.successes, 2),
                    "latest": done.time if done.step >= 0 else None,
                },
                "stated": [
                    _statement(book[name])
                    for book in (learner.placed, learner.contested, learner.overridden)
                    if name in book
                ],
            }
        )
    return {
        "framework": situation.framework,
        "level": _level(curriculum, situation),
        "mastered_from": MASTERED,
        "model": teaching.policy,
        "items": items,
        "next": None,
    }


def way(teaching: Teaching, mastery: Mastery, goal: str) -> dict[str, Any]:
    """What is still to be mastered on the way to a goal, what is required first."""
    curriculum = teaching.curriculum
    rows = path(curriculum, mastery, goal)
    return {
        "goal": goal,
        "reached": not rows,
        "items": [
            {
                "outcome": outcome(curriculum, row),
                "mastery": round(float(mastery.probability[row]), 4),
                "basis": mastery.basis(row).value,
                "requires": [curriculum.ids[needed] for needed in curriculum.requires(row)],
                "resources": len(teaching.shelf.of_outcome(row)[0]),
            }
            for row in rows
        ],
        "next": None,
    }


def outcome(curriculum: Curriculum, row: int) -> dict[str, Any]:
    """An outcome of a curriculum in short."""
    found = curriculum.outcomes[row]
    return {
        "id": found.id,
        "framework": found.framework,
        "code": found.code,
        "title": found.title,
        "levels": list(curriculum.levels[row]),
        "language": found.language,
    }


def _statement(said: Statement) -> dict[str, Any]:
    return {"voice": said.voice.value, "can": said.can, "time": said.time, "note": said.note}


def _level(curriculum: Curriculum, situation: Situation) -> str | None:
    if situation.level is None:
        return None
    there = {
        rank: level
        for (framework, level), rank in curriculum.level_ranks.items()
        if framework == situation.framework
    }
    nearest = min(there, key=lambda rank: abs(rank - (situation.level or 0.0)), default=None)
    return None if nearest is None else there[nearest]
