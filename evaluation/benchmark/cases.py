"""The worst cases with their texts, by what went wrong: where to look before changing a model."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from data.records import Outcome, Resource
from evaluation.alignment.protocol import Prediction
from evaluation.alignment.scoring import Gold, Lists
from evaluation.measures.metrics import f2
from models.text import outcome_path

EACH = 10
SHOWN = 5
HIGH = 10
EXCERPT = 300


class Mistake(StrEnum):
    """What went wrong, in the order in which one would mend it."""

    MISSING = "right one not among the candidates"
    LOW = "right one ranked low"
    NOT_SHOWN = "right one ranked high, but not shown"
    TOO_MANY = "too many shown"
    ABSTAINED = "nothing shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An outcome in one resource's list; `rank` and `confidence` are None where it is not there."""

    outcome: str
    path: tuple[str, ...]
    language: str | None
    rank: int | None
    confidence: float | None
    selected: bool
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One resource that a model did badly on: what was suggested, and what would be right."""

    mistake: Mistake
    resource: str
    title: str
    excerpt: str
    language: str | None
    f2: float
    suggested: tuple[Place, ...]
    right: tuple[Place, ...]


def mistake(predictions: Sequence[Prediction], relevant: frozenset[str]) -> Mistake | None:
    """What went wrong with one list, None if exactly the right ones are shown."""
    selected = {found.outcome for found in predictions if found.selected}
    if selected == relevant:
        return None
    if not selected:
        return Mistake.ABSTAINED
    if selected & relevant and selected - relevant:
        return Mistake.TOO_MANY
    missed = [found.rank for found in predictions if found.outcome in relevant - selected]
    if not missed:
        return Mistake.MISSING
    return Mistake.NOT_SHOWN if min(missed) <= HIGH else Mistake.LOW


def count_mistakes(lists: Lists, gold: Gold) -> dict[Mistake, int]:
    """How many queries went wrong in each way, in the order of Mistake."""
    found = [mistake(lists[query], relevant) for query, relevant in gold.items()]
    return {kind: found.count(kind) for kind in Mistake}


def worst_cases(
    lists: Lists, gold: Gold, resources: Mapping[str, Resource], outcomes: Mapping[str, Outcome]
) -> tuple[Case, ...]:
    """The EACH worst cases of each mistake: lowest F2, then surest of what was wrong."""
    by_mistake: dict[Mistake, list[tuple[float, float, str]]] = defaultdict(list)
    for query, relevant in gold.items():
        if (kind := mistake(lists[query], relevant)) is not None:
            by_mistake[kind].append((*_badness(lists[query], relevant), query))
    return tuple(
        _case(kind, resources[query], lists[query], gold[query], outcomes)
        for kind in Mistake
        for _, _, query in sorted(by_mistake[kind])[:EACH]
    )


def _badness(predictions: Sequence[Prediction], relevant: frozenset[str]) -> tuple[float, float]:
    selected = [found.outcome for found in predictions if found.selected]
    wrong = [found.confidence for found in predictions if found.outcome not in relevant]
    return f2(selected, relevant), -max(wrong, default=0.0)


def _case(
    kind: Mistake,
    resource: Resource,
    predictions: Sequence[Prediction],
    relevant: frozenset[str],
    outcomes: Mapping[str, Outcome],
) -> Case:
    by_outcome = {found.outcome: found for found in predictions}
    listed = [found for found in predictions if found.selected or found.rank <= SHOWN]

    def place(id_: str) -> Place:
        found, outcome = by_outcome.get(id_), outcomes.get(id_)
        return Place(
            outcome=id_,
            path=outcome_path(outcome, outcomes) if outcome else (id_,),
            language=outcome.language if outcome else None,
            rank=found.rank if found else None,
            confidence=round(found.confidence, 4) if found else None,
            selected=bool(found and found.selected),
            right=id_ in relevant,
        )

    return Case(
        mistake=kind,
        resource=resource.id,
        title=resource.title,
        excerpt=_excerpt(resource),
        language=resource.language,
        f2=round(_badness(predictions, relevant)[0], 4),
        suggested=tuple(place(found.outcome) for found in listed),
        right=tuple(sorted(map(place, relevant), key=lambda one: (one.rank or inf, one.outcome))),
    )


def _excerpt(resource: Resource) -> str:
    """The beginning of what is said beside the title, cut between words."""
    whole = " ".join(f"{resource.description} {resource.text}".split())
    if len(whole) <= EXCERPT:
        return whole
    return whole[:EXCERPT].rsplit(" ", 1)[0] + " …"
