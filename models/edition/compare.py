"""Two editions of a framework → what became of every outcome.

What is stated holds. Of all else, pairs and whole-and-parts compete: the likeliest is taken first,
and each outcome once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from data.records import Correspondence, Match, Outcome
from models.edition.candidates import NAMES, Features, Pairs, pairs_of
from models.edition.change import SURE, Change, Evidence, Kind
from models.edition.likelihood import NOTHING, Odds, calibrated, likelihoods
from models.edition.parts import parted
from models.edition.places import moved
from models.edition.side import Side, rarity, side_of
from models.encoder import Matrix

LEAST: Final = 0.2
"""What is less likely is no counterpart."""

SETTLED: Final = 0.5
"""The same text that is at least this likely to be the same outcome is no part of another."""

_STATES: Final = frozenset({Match.SUCCESSOR, Match.EXACT})
_TEXT, _LABEL, _PLACE = (NAMES.index(name) for name in ("text", "label", "place"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Rows that may belong together, how likely, and why."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    likely: float
    evidence: tuple[Evidence, ...]


def compare(
    old: Sequence[Outcome],
    new: Sequence[Outcome],
    vectors: tuple[Matrix, Matrix],
    stated: Iterable[Correspondence] = (),
) -> list[Change]:
    """What became of each outcome of the old edition, in its order, then what is new.

    `vectors` [n, d] of unit length are of the old and the new outcomes in their order; `stated`
    lines lead from the one to the other, in whichever direction.
    """
    before, after = side_of(old, vectors[0]), side_of(new, vectors[1])
    said = _stated(before, after, stated)
    open_claims = _claims(before, after, said)
    chosen = _chosen([*_groups(said), *open_claims])
    return _changes(before, after, chosen, open_claims)


def _stated(old: Side, new: Side, lines: Iterable[Correspondence]) -> set[tuple[int, int]]:
    found = set()
    for line in lines:
        ends = (line.outcome, line.other)
        if line.match is Match.EXACT and ends[0] in new.rows:
            ends = (ends[1], ends[0])
        if line.match in _STATES and ends[0] in old.rows and ends[1] in new.rows:
            found.add((old.rows[ends[0]], new.rows[ends[1]]))
    return found


def _groups(pairs: Collection[tuple[int, int]]) -> Iterator[Claim]:
    """What is stated together belongs together."""
    left = set(pairs)
    by_old: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    by_new: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for pair in left:
        by_old[pair[0]].add(pair)
        by_new[pair[1]].add(pair)
    while left:
        waiting = [left.pop()]
        group = set(waiting)
        while waiting:
            o, n = waiting.pop()
            more = (by_old[o] | by_new[n]) & left
            left -= more
            group |= more
            waiting.extend(more)
        old, new = ({pair[side] for pair in group} for side in (0, 1))
        yield Claim(
            old=tuple(sorted(old)),
            new=tuple(sorted(new)),
            likely=1.0,
            evidence=(Evidence.STATED,),
        )


def _claims(old: Side, new: Side, stated: Collection[tuple[int, int]]) -> list[Claim]:
    """What may belong together of all that nothing is stated of, the likeliest first."""
    weights = rarity(old, new)
    pairs = _without(pairs_of(old, new, weights), stated)
    likely, features = likelihoods(old, new, pairs, stated)
    pairs = replace(pairs, features=features)
    same = (features[:, _TEXT] == 1) & (likely >= SETTLED)
    settled = (frozenset(pairs.old[same].tolist()), frozenset(pairs.new[same].tolist()))
    claims = list(_singles(old, new, pairs, likely))
    back = replace(pairs, old=pairs.new, new=pairs.old)
    split = parted(old, new, pairs, weights, settled)
    merged = parted(new, old, back, weights, settled[::-1])
    claims += [_of_parts((one.whole,), one.parts, one.likely) for one in split]
    claims += [_of_parts(one.parts, (one.whole,), one.likely) for one in merged]
    return sorted(claims, key=lambda claim: -claim.likely)


def _of_parts(old: tuple[int, ...], new: tuple[int, ...], likely: float) -> Claim:
    return Claim(old=old, new=new, likely=likely, evidence=(Evidence.PARTS,))


def _without(pairs: Pairs, stated: Collection[tuple[int, int]]) -> Pairs:
    old, new = ({pair[side] for pair in stated} for side in (0, 1))
    kept = ~(np.isin(pairs.old, [*old]) | np.isin(pairs.new, [*new]))
    return Pairs(old=pairs.old[kept], new=pairs.new[kept], features=pairs.features[kept])


def _singles(old: Side, new: Side, pairs: Pairs, likely: Odds) -> Iterator[Claim]:
    rows = zip(pairs.old.tolist(), pairs.new.tolist(), likely.tolist(), strict=True)
    for (o, n, share), features in zip(rows, pairs.features, strict=True):
        evidence = tuple(_evidence(old, new, (o, n), features))
        yield Claim(old=(o,), new=(n,), likely=share, evidence=evidence)


def _evidence(
    old: Side, new: Side, rows: tuple[int, int], features: Features
) -> Iterator[Evidence]:
    yield Evidence.TEXT if features[_TEXT] else Evidence.SIMILARITY
    if features[_LABEL] > 0:
        is_id = old.names[rows[0]] == new.names[rows[1]]
        yield Evidence.ID if is_id else Evidence.CODE
    if features[_PLACE] > SETTLED:
        yield Evidence.PLACE


def _chosen(claims: Iterable[Claim]) -> list[Claim]:
    """From first to last, those of which nothing is taken yet."""
    old: set[int] = set()
    new: set[int] = set()
    found = []
    for claim in claims:
        if claim.likely >= LEAST and old.isdisjoint(claim.old) and new.isdisjoint(claim.new):
            found.append(claim)
            old.update(claim.old)
            new.update(claim.new)
    return found


def _changes(
    old: Side, new: Side, chosen: Sequence[Claim], claims: Sequence[Claim]
) -> list[Change]:
    kept: dict[int, set[int]] = defaultdict(set)
    for claim in chosen:
        for row in claim.old:
            kept[row].update(claim.new)
    elsewhere = moved(old, new, kept)
    found = [(claim.old[0], _change(old, new, claim, elsewhere)) for claim in chosen]
    left = _best(claims, chosen)
    for row, outcome in enumerate(old.outcomes):
        if row not in kept:
            found.append((row, _alone(Kind.GONE, left[0].get(row, 0.0), old=(outcome.id,))))
    there = {row for claim in chosen for row in claim.new}
    added = [
        _alone(Kind.NEW, left[1].get(row, 0.0), new=(outcome.id,))
        for row, outcome in enumerate(new.outcomes)
        if row not in there
    ]
    return [change for _, change in sorted(found, key=lambda one: one[0])] + added


def _change(old: Side, new: Side, claim: Claim, elsewhere: Collection[int]) -> Change:
    o, n = claim.old[0], claim.new[0]
    same_numbers = _numbers(old, claim.old) == _numbers(new, claim.new)
    if len(claim.new) > 1:
        kind = Kind.SPLIT
    elif len(claim.old) > 1:
        kind = Kind.MERGED
    elif old.texts[o] != new.texts[n]:
        kind = Kind.REWORDED
    else:
        kind = Kind.MOVED if o in elsewhere else Kind.UNCHANGED
    is_stated = Evidence.STATED in claim.evidence
    # Another number makes another outcome, however alike the words are.
    may_be_sure = kind in (Kind.UNCHANGED, Kind.MOVED) or same_numbers
    return Change(
        kind=kind,
        old=tuple(old.outcomes[row].id for row in claim.old),
        new=tuple(new.outcomes[row].id for row in claim.new),
        evidence=claim.evidence,
        confidence=claim.likely,
        sure=is_stated or (may_be_sure and claim.likely >= SURE[kind]),
    )


def _numbers(side: Side, rows: Sequence[int]) -> set[tuple[str, ...]] | set[str]:
    """The numbers of one outcome, each as often as it stands there, or those of several."""
    if len(rows) == 1:
        return {side.numbers[rows[0]]}
    return {number for row in rows for number in side.numbers[row]}


def _alone(
    kind: Kind, best: float, *, old: tuple[str, ...] = (), new: tuple[str, ...] = ()
) -> Change:
    """That something has no counterpart, the `best` of which is so likely, is never sure."""
    likely = float(calibrated(np.array(1 - best), NOTHING))
    return Change(kind=kind, old=old, new=new, confidence=likely, sure=False)


def _best(
    claims: Sequence[Claim], chosen: Sequence[Claim]
) -> tuple[Mapping[int, float], Mapping[int, float]]:
    """Row of the old and of the new edition → the likeliest that was claimed of it, if not taken.

    What it was claimed to be may well have been taken by another.
    """
    best: tuple[dict[int, float], dict[int, float]] = ({}, {})
    taken = ({row for one in chosen for row in one.old}, {row for one in chosen for row in one.new})
    for claim in claims:
        for side, rows in enumerate((claim.old, claim.new)):
            others = (claim.new, claim.old)[side]
            if taken[1 - side].isdisjoint(others) or claim.likely >= SETTLED:
                for row in rows:
                    best[side][row] = max(best[side].get(row, 0.0), claim.likely)
    return best
