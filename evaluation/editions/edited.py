"""A framework → a later edition of it, as authors might have made it, and what they did.

Each leaf is kept, reworded, moved, split, merged with the next, or dropped; some leaves are held
back from the old edition and are new; headings are reworded; some families get new codes, in
which old ones come back for something else. The same seed edits the same way.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from data.records import Outcome
from evaluation.editions.rewording import cut, joined, reworded
from models.edition.change import Kind
from models.edition.side import plain

SHARES: Final[Mapping[Kind, float]] = {
    Kind.UNCHANGED: 0.53,
    Kind.REWORDED: 0.18,
    Kind.MOVED: 0.08,
    Kind.SPLIT: 0.08,
    Kind.MERGED: 0.05,
    Kind.GONE: 0.08,
}
"""What becomes of how many leaves, where it can."""

ADDED: Final = 0.06
HEADINGS_REWORDED: Final = 0.1
TOUCHED: Final = 0.4
RENUMBERED: Final = 0.3
NEW_EDITION: Final = "new-edition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What was done: ids of the old edition, and those of the new one that they became."""

    kind: Kind
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Both editions in the order of their trees, and the fate of each outcome."""

    old: Sequence[Outcome]
    new: Sequence[Outcome]
    fates: Sequence[Fate]


def edited(outcomes: Sequence[Outcome], seed: int) -> Edited:
    """Edit a framework, whose outcomes are given in the order of their tree."""
    return _Editor(outcomes, np.random.default_rng(seed)).run()


class _Editor:
    def __init__(self, outcomes: Sequence[Outcome], draw: np.random.Generator) -> None:
        self._draw = draw
        self._parents = {outcome.parent for outcome in outcomes}
        held = [one for one in outcomes if self._is_leaf(one) and draw.random() < ADDED]
        self._held = {one.id for one in held}
        self._all = outcomes
        self._old = [one for one in outcomes if one.id not in self._held]
        self._new: list[Outcome] = []
        self._fates: list[Fate] = []
        self._heads = {one.id: f"h{row}" for row, one in enumerate(outcomes)}
        self._family: dict[str | None, list[Outcome]] = defaultdict(list)
        for one in self._old:
            self._family[one.parent].append(one)
        self._leaves = [one for one in self._old if self._is_leaf(one)]

    def run(self) -> Edited:
        done: set[str] = set()
        for outcome in self._all:
            if outcome.id in self._held:
                self._write(Kind.NEW, (), (self._copy(outcome),))
            elif outcome.id not in done:
                done |= self._edit(outcome)
        new = self._renumbered()
        return Edited(old=self._old, new=new, fates=self._fates)

    def _edit(self, outcome: Outcome) -> set[str]:
        """Decide on one outcome, and do it; the ids that are dealt with."""
        kind = self._kind(outcome)
        copy = self._copy(outcome)
        if kind is Kind.MOVED and (parent := self._elsewhere(outcome)):
            copy = replace(copy, parent=self._heads[parent])
            return self._write(kind, (outcome,), (copy,))
        if kind is Kind.SPLIT and (parts := cut(outcome.title, self._draw)):
            named = [
                replace(
                    copy,
                    id=f"{copy.id}-{place}",
                    title=self._touched(part, outcome),
                    code=None,
                    description="",
                )
                for place, part in enumerate(parts)
            ]
            return self._write(kind, (outcome,), tuple(named))
        if kind is Kind.MERGED and (other := self._next(outcome)):
            title = joined(outcome.title, other.title, self._draw)
            whole = replace(
                copy,
                title=self._touched(title, outcome),
                description=" ".join(filter(None, (outcome.description, other.description))),
            )
            return self._write(kind, (outcome, other), (whole,))
        if kind is Kind.GONE:
            return self._write(kind, (outcome,), ())
        if kind is Kind.UNCHANGED:
            return self._write(kind, (outcome,), (copy,))
        title = self._reworded(outcome.title, outcome)
        kind = Kind.UNCHANGED if plain(title) == plain(outcome.title) else Kind.REWORDED
        return self._write(kind, (outcome,), (replace(copy, title=title),))

    def _touched(self, title: str, outcome: Outcome) -> str:
        """What was cut or joined is often reworded as well."""
        touched = self._draw.random() < TOUCHED
        return self._reworded(title, outcome) if touched else title

    def _reworded(self, title: str, outcome: Outcome) -> str:
        siblings = [one.title for one in self._family[outcome.parent] if one is not outcome]
        return reworded(title, siblings, self._draw)

    def _kind(self, outcome: Outcome) -> Kind:
        if not self._is_leaf(outcome):
            is_kept = self._draw.random() >= HEADINGS_REWORDED
            return Kind.UNCHANGED if is_kept else Kind.REWORDED
        return [*SHARES][self._draw.choice(len(SHARES), p=[*SHARES.values()])]

    def _copy(self, outcome: Outcome) -> Outcome:
        parent = self._heads.get(outcome.parent or "")
        id_ = self._heads[outcome.id]
        return replace(outcome, id=id_, framework=NEW_EDITION, parent=parent)

    def _write(self, kind: Kind, old: Sequence[Outcome], new: Sequence[Outcome]) -> set[str]:
        ids = [one.id for one in old]
        self._new.extend(new)
        self._fates.append(Fate(kind=kind, old=tuple(ids), new=tuple(one.id for one in new)))
        return set(ids)

    def _elsewhere(self, outcome: Outcome) -> str | None:
        """The parent of another leaf."""
        other = self._leaves[self._draw.integers(len(self._leaves))].parent
        return other if other != outcome.parent else None

    def _next(self, outcome: Outcome) -> Outcome | None:
        family = self._family[outcome.parent]
        place = family.index(outcome) + 1
        following = family[place] if place < len(family) else None
        return following if following and self._is_leaf(following) else None

    def _is_leaf(self, outcome: Outcome) -> bool:
        return outcome.assignable and outcome.id not in self._parents

    def _renumbered(self) -> list[Outcome]:
        """Places anew for all, and codes in their old order for some families."""
        families: dict[str | None, list[Outcome]] = defaultdict(list)
        for one in self._new:
            families[one.parent].append(one)
        back = {new: old for old, new in self._heads.items()}
        found = {}
        for parent, family in families.items():
            codes: list[str | None] = [one.code for one in family]
            if self._draw.random() < RENUMBERED:
                before = self._family[back.get(parent or "")]
                free = [one.code for one in before]
                codes = [*free, *[None] * len(family)][: len(family)]
            for place, (one, code) in enumerate(zip(family, codes, strict=True), 1):
                found[one.id] = replace(one, position=place, code=code)
        return [found[one.id] for one in self._new]
