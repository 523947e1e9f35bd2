"""Interactions → evidence of what a learner can do: what was asked, of which outcomes, how it went.

A view is exposure and says nothing. A score says what it says; a completion without a score is a
weak success, a skip a very weak failure, since there are many reasons to skip.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from data.records import Event, Interaction, Statement, Voice

Aligned: TypeAlias = Mapping[str, Sequence[tuple[str, float]]]
"""Resource → its outcomes, each with how sure the alignment is, 0 to 1."""

WHOLE_WEIGHT: Final = 3.0
"""What the score of a whole resource is worth, in answers: it rests on several questions."""

WHOLE_QUESTIONS: Final = 6.0
"""How many questions a whole resource has, or minutes it takes, where nothing is said."""

COMPLETED_WEIGHT: Final = 0.3
SKIPPED_WEIGHT: Final = 0.1
STATED_WEIGHT: Final = {Voice.PLACEMENT: 2.0, Voice.LEARNER: 2.0}
"""What one's own word is worth, in answers: a contested estimate has to move visibly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One answer: `score` 0 to 1, `weight` how much of an answer it is, `time` Unix seconds.

    It came of so many `questions`, each of which may have taught something, or `explains`.
    `outcomes` has for each outcome how sure it is that the answer is about it, and `item` what was
    answered, if that can come again.
    """

    time: float
    item: str | None = None
    outcomes: tuple[tuple[str, float], ...]
    score: float
    weight: float = 1.0
    questions: float = 1.0
    explains: bool = False


def evidence_of(interaction: Interaction, aligned: Aligned) -> Evidence | None:
    """What an interaction says, or None where it says nothing.

    The outcomes are those that it names itself, else those of its resource.
    """
    outcomes = tuple((outcome, 1.0) for outcome in dict.fromkeys(interaction.outcomes))
    if not outcomes and interaction.resource is not None:
        outcomes = tuple(aligned.get(interaction.resource, ()))
    weight, questions, score = 1.0, 1.0, interaction.score
    explains = score is None and interaction.event is Event.COMPLETED
    if interaction.item is None and interaction.resource is not None:
        weight, questions = WHOLE_WEIGHT, WHOLE_QUESTIONS
    if score is None:
        if interaction.event is Event.COMPLETED:
            weight, score = COMPLETED_WEIGHT, 1.0
        elif interaction.event is Event.SKIPPED:
            weight, score = SKIPPED_WEIGHT, 0.0
    if score is None or interaction.event is Event.VIEWED:
        return None
    return Evidence(
        time=interaction.time,
        item=interaction.item or interaction.resource,
        outcomes=outcomes,
        score=score,
        weight=weight,
        questions=questions,
        explains=explains,
    )


def stated(statement: Statement) -> Evidence | None:
    """What a learner's own word is as evidence; None for a teacher's, which is above evidence."""
    weight = STATED_WEIGHT.get(statement.voice)
    if weight is None:
        return None
    return Evidence(
        time=statement.time,
        outcomes=((statement.outcome, 1.0),),
        score=statement.can,
        weight=weight,
        questions=0.0,
    )


def in_time(found: Iterable[Evidence]) -> list[Evidence]:
    """In one order whatever order they came in."""
    return sorted(found, key=_place)


def _place(one: Evidence) -> tuple[float, str, tuple[tuple[str, float], ...], float, float]:
    return (one.time, one.item or "", one.outcomes, one.score, one.weight)
