"""Two frameworks → which outcomes of the one correspond to which of the other.

An outcome is asked for as if it were a resource, from either framework, by the same aligner. What
both ways find counts: the confidence is a logistic function of the mean of the two log-odds (Platt,
Probabilistic Outputs for Support Vector Machines, 1999), since the aligner's own confidences are
fitted to resources, which say more of themselves than an outcome does.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.errors import NotFoundError
from data.records import Match
from models.alignment.aligner import Aligner
from models.alignment.selection import how_many
from models.encoder import Progress
from models.entry import Entry
from models.log_odds import expit, logit
from models.suggestion import Filters
from models.text import query_of_outcome

DEPTH: Final = 20
"""How many outcomes of the other framework are looked at for each."""

UNSEEN: Final = 1e-4
"""The confidence of what one of the two ways does not find among its best."""

SLOPE, INTERCEPT = 2.08, 2.69
"""Fitted on the sample's crosswalk, with the resources' alignments and without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """`other` may be what `match` says to `outcome`; `selected` is what a curator is shown."""

    outcome: str
    other: str
    match: Match
    confidence: float
    selected: bool


def crosswalk(
    aligner: Aligner, framework: str, other: str, progress: Progress | None = None
) -> list[Proposed]:
    """What may correspond in two frameworks, by the first one's outcomes, the surest first.

    Raises NotFoundError for a framework that the index does not have.
    """
    there = dict(_found(aligner, framework, other, progress))
    back = dict(_found(aligner, other, framework, progress))
    pairs = {(one, name) for one, found in there.items() for name in found}
    pairs |= {(one, name) for name, found in back.items() for one in found}
    forth: dict[str, dict[str, float]] = {one: {} for one in there}
    reverse: dict[str, dict[str, float]] = {name: {} for name in back}
    for one, name in sorted(pairs):
        confidence = _confidence(there[one].get(name, UNSEEN), back[name].get(one, UNSEEN))
        forth[one][name] = reverse[name][one] = confidence
    chosen = {one: _selected(found) for one, found in forth.items()}
    chosen_back = {name: _selected(found) for name, found in reverse.items()}
    return [
        Proposed(
            outcome=one,
            other=name,
            match=_match(chosen[one], chosen_back[name]),
            confidence=confidence,
            selected=name in chosen[one] or one in chosen_back[name],
        )
        for one, found in forth.items()
        for name, confidence in sorted(found.items(), key=lambda each: (-each[1], each[0]))
    ]


def _found(
    aligner: Aligner, framework: str, other: str, progress: Progress | None
) -> Iterator[tuple[str, dict[str, float]]]:
    """For each outcome of a framework the best ones of the other, with the aligner's confidence."""
    entries = _entries(aligner, framework)
    queries = [query_of_outcome(entry.outcome, entry.path) for entry in entries]
    filters = Filters(frameworks=(other,))
    for entry, query, vector in zip(
        entries, queries, aligner.encode(queries, progress), strict=True
    ):
        answer = aligner.rank(query, vector, filters=filters, k=DEPTH, explain=False)
        yield entry.outcome.id, {one.outcome: one.confidence for one in answer.suggestions}


def _entries(aligner: Aligner, framework: str) -> list[Entry]:
    found = [entry for entry in aligner.snapshot.entries if entry.outcome.framework == framework]
    if not found:
        raise NotFoundError(f"framework {framework!r} is not in the index; run `gateways status`")
    return found


def _confidence(there: float, back: float) -> float:
    likely = logit(np.clip([there, back], UNSEEN, 1 - UNSEEN)).mean()
    return float(expit(SLOPE * likely + INTERCEPT))


def _selected(confidences: Mapping[str, float]) -> set[str]:
    """The set with the highest expected F2; it may be empty."""
    order = sorted(confidences, key=lambda name: (-confidences[name], name))
    likely = np.array([confidences[name] for name in order])
    return set(order[: how_many(likely, float(1 - np.prod(1 - likely)))])


def _match(others: Collection[str], back: Collection[str]) -> Match:
    """What several that correspond to one tell: it is broader than each of them."""
    if len(back) > 1 >= len(others):
        return Match.BROADER
    if len(others) > 1 >= len(back):
        return Match.NARROWER
    return Match.EXACT if len(others) <= 1 else Match.RELATED
