"""An invented curriculum with resources, the same for the same seed: what simulated learners study.

Levels follow one another, each with outcomes of several strands. An outcome builds on one or two
that stand shortly before it in its strand, now and then on one of another strand a level below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.records import Alignment, Outcome, Prerequisite, Relation, Resource

FRAMEWORK: Final = "simulated"
LEVELS, STRANDS, PER_STRAND = 6, 4, 5
BACK: Final = 6
"""How many places back in its strand an outcome's prerequisites are found."""

SECOND, ACROSS = 0.5, 0.2
"""How often there is a second prerequisite, and one of another strand."""

EXPLANATIONS: Final = ("video", "lesson", "document", "video")
PRACTICE: Final = ("exercise", "quiz", "exercise") * 4
QUESTIONS, EXPLAINED_MINUTES = (5, 8), (4, 10)
"""How many questions practice has, and how long an explanation takes, at least and at most."""

MINUTES_A_QUESTION: Final = 1.0
MISSING, SPURIOUS, CIRCLE = 0.3, 0.2, 3
"""Where it is misstated what is built on: the shares of edges that are not said and that are made
up, and how many outcomes stand in a circle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What studying a resource is: for which outcome (a row), so long, with so many questions.

    `by_item` tells whether each question comes back as an answer, or all of them as one score.
    """

    resource: str
    outcome: int
    minutes: float
    questions: int
    by_item: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A curriculum's tree, whose assignable outcomes are the rows, and what there is to study.

    `levels` and `requires` say of each row its level and the rows that it truly builds on;
    `said` are the prerequisites that a recommender is told of.
    """

    outcomes: Sequence[Outcome]
    levels: Sequence[int]
    requires: Sequence[tuple[int, ...]]
    said: Sequence[Prerequisite]
    resources: Sequence[Resource]
    alignments: Sequence[Alignment]
    activities: Sequence[Activity]


def grade(level: int) -> str:
    """What the curriculum calls a level, of which 0 is the first."""
    return f"Grade {level + 1}"


def make_world(seed: int, *, wrong: bool = False) -> World:
    """Draw a world; with `wrong` what is said of prerequisites is only partly so."""
    draw = np.random.default_rng([seed, 0])
    outcomes, levels, strands = _outcomes()
    requires = [_required(row, levels, strands, draw) for row in range(len(levels))]
    ids = [one.id for one in outcomes if one.assignable]
    resources, activities = _resources(ids, levels, draw)
    edges = {(row, needed) for row, rows in enumerate(requires) for needed in rows}
    if wrong:
        edges = _misstated(edges, levels, np.random.default_rng([seed, 1]))
    return World(
        outcomes=outcomes,
        levels=levels,
        requires=requires,
        said=[
            Prerequisite(outcome=ids[row], requires=ids[needed]) for row, needed in sorted(edges)
        ],
        resources=resources,
        alignments=[
            Alignment(
                resource=one.resource,
                outcome=ids[one.outcome],
                relation=Relation.ASSESSES if one.questions else Relation.TEACHES,
            )
            for one in activities
        ],
        activities=activities,
    )


def _outcomes() -> tuple[list[Outcome], list[int], list[int]]:
    """Level › strand › outcome, and of the assignable ones the level and the strand."""
    found, levels, strands = [], [], []
    for level in range(LEVELS):
        named = grade(level)
        top = Outcome(
            id=f"g{level}", framework=FRAMEWORK, title=named, position=level, assignable=False
        )
        found.append(top)
        for strand in range(STRANDS):
            below = f"g{level}s{strand}"
            found.append(
                Outcome(
                    id=below,
                    framework=FRAMEWORK,
                    parent=top.id,
                    title=f"Strand {strand + 1}",
                    position=strand,
                    assignable=False,
                )
            )
            for place in range(PER_STRAND):
                found.append(
                    Outcome(
                        id=f"{below}o{place}",
                        framework=FRAMEWORK,
                        parent=below,
                        title=f"Outcome {place + 1}",
                        levels=(named,),
                        position=place,
                    )
                )
                levels.append(level)
                strands.append(strand)
    return found, levels, strands


def _required(
    row: int, levels: Sequence[int], strands: Sequence[int], draw: np.random.Generator
) -> tuple[int, ...]:
    before = [other for other in range(row) if strands[other] == strands[row]]
    if not before:
        return ()
    found = set(draw.choice(before[-BACK:], 1 + int(draw.random() < SECOND)).tolist())
    lower = [other for other in range(row) if levels[other] == levels[row] - 1]
    if lower and draw.random() < ACROSS:
        found.add(int(draw.choice(lower)))
    return tuple(sorted(found))


def _misstated(
    edges: set[tuple[int, int]], levels: Sequence[int], draw: np.random.Generator
) -> set[tuple[int, int]]:
    kept = {edge for edge in sorted(edges) if draw.random() >= MISSING}
    while len(kept - edges) < SPURIOUS * len(edges):
        row, needed = draw.choice(len(levels), 2, replace=False).tolist()
        if levels[needed] <= levels[row]:
            kept.add((row, needed))
    circle = draw.choice(np.flatnonzero(np.array(levels) == 2), CIRCLE, replace=False).tolist()
    return kept | set(zip(circle, [*circle[1:], circle[0]], strict=True))


def _resources(
    ids: Sequence[str], levels: Sequence[int], draw: np.random.Generator
) -> tuple[list[Resource], list[Activity]]:
    resources, activities = [], []
    for row, outcome in enumerate(ids):
        for place, kind in enumerate((*EXPLANATIONS, *PRACTICE)):
            name = f"{outcome}-{place}-{kind}"
            explains = kind in EXPLANATIONS
            questions = 0 if explains else int(draw.integers(QUESTIONS[0], QUESTIONS[1] + 1))
            lasts = float(draw.integers(EXPLAINED_MINUTES[0], EXPLAINED_MINUTES[1] + 1))
            minutes = lasts if explains else questions * MINUTES_A_QUESTION
            resources.append(
                Resource(
                    id=name,
                    title=name,
                    kind=kind,
                    levels=(grade(levels[row]),),
                    extra={"duration_minutes": minutes},
                )
            )
            activities.append(
                Activity(
                    resource=name,
                    outcome=row,
                    minutes=minutes,
                    questions=questions,
                    by_item=kind == "exercise",
                )
            )
    return resources, activities
