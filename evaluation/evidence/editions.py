"""Which edition of a curriculum counts where curricula are told together: each curriculum once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from data.catalogue.tallies import Target

RELATED: Final = 0.1
"""The share of the smaller framework's outcomes from which a stated succession makes editions."""

SAME_WORDS: Final = 0.5
"""The share of a framework's titles that another must have, where no succession is stated."""

CARRIED: Final = 0.5
"""The share of what was covered whose successors must be, so that a new edition counts instead."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """New edition → those before it: `ahead` of carrying over, or counting `instead` of them.

    None is before itself, however far.
    """

    ahead: Mapping[str, Sequence[str]] = field(default_factory=dict)
    instead: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def counted(self, frameworks: Collection[str]) -> set[str]:
        """Those of these that count together: of each curriculum the newest carried over to."""
        there = set(frameworks)
        dropped = {new for new, olds in self.ahead.items() if there & set(olds)}
        for new in self.instead.keys() & there:
            dropped |= self.before(new)
        return there - dropped

    def before(self, new: str) -> set[str]:
        """All editions before one, however far."""
        found: set[str] = set()
        waiting = [new]
        while waiting:
            one = waiting.pop()
            olds = {*self.ahead.get(one, ()), *self.instead.get(one, ())} - found
            found |= olds
            waiting += olds
        return found


def editions(
    targets: Iterable[Target],
    successions: Iterable[Pair],
    covered: Collection[str],
    owners: Mapping[str, str],
) -> Editions:
    """Tell editions apart by old and new outcomes; `owners` are frameworks' platforms.

    Where nothing is stated, a framework without a resource is ahead of one with resources of the
    same platform that has half of its titles. Of a circle the succession is left out that the
    fewest outcomes state, so that one edition of it is the newest.
    """
    by_framework: dict[str, list[Target]] = defaultdict(list)
    for one in targets:
        by_framework[one.framework].append(one)
    ahead: dict[str, list[str]] = defaultdict(list)
    instead: dict[str, list[str]] = defaultdict(list)
    told = Editions(ahead=ahead, instead=instead)
    followed = _followed(by_framework, successions)
    for (old, new), pairs in sorted(followed.items(), key=lambda one: (-len(one[1]), one[0])):
        stated_back = len(followed.get((new, old), ()))
        if len(pairs) > stated_back and new not in told.before(old):
            there = instead if _is_carried(by_framework[old], pairs, covered) else ahead
            there[new].append(old)
    for new, old in _alike(by_framework, covered, owners).items():
        if new not in instead and new not in ahead and new not in told.before(old):
            ahead[new].append(old)
    return Editions(
        ahead={new: tuple(olds) for new, olds in ahead.items() if new not in instead},
        instead={new: tuple(olds) for new, olds in instead.items()},
    )


def _followed(
    by_framework: Mapping[str, Sequence[Target]], successions: Iterable[Pair]
) -> dict[Pair, list[Pair]]:
    """The frameworks that are editions of one another, with the outcomes that say so."""
    framework_of = {one.id: name for name, some in by_framework.items() for one in some}
    found: dict[Pair, list[Pair]] = defaultdict(list)
    for old, new in successions:
        if old in framework_of and new in framework_of:
            found[framework_of[old], framework_of[new]].append((old, new))
    return {
        two: pairs
        for two, pairs in found.items()
        if two[0] != two[1]
        and len({old for old, _ in pairs}) >= RELATED * min(len(by_framework[name]) for name in two)
    }


def _is_carried(before: Sequence[Target], pairs: Iterable[Pair], covered: Collection[str]) -> bool:
    """Whether what was covered before mostly has a successor that is."""
    served = {one.id for one in before if one.id in covered}
    still = {old for old, new in pairs if new in covered and (old in served or not served)}
    return bool(still) and len(still) >= CARRIED * len(served)


def _alike(
    by_framework: Mapping[str, Sequence[Target]],
    covered: Collection[str],
    owners: Mapping[str, str],
) -> dict[str, str]:
    """Frameworks without a resource → the one that says the same and has resources."""
    titles = {name: {one.title for one in some} for name, some in by_framework.items()}
    bare = {
        name for name, some in by_framework.items() if not any(one.id in covered for one in some)
    }
    found: dict[str, str] = {}
    for new in sorted(bare):
        same = {
            old: len(titles[new] & titles[old])
            for old in sorted(titles.keys() - bare)
            if owners.get(old) == owners.get(new)
        }
        best = max(same, key=lambda old: same[old], default=None)
        if best is not None and same[best] >= SAME_WORDS * len(titles[new]):
            found[new] = best
    return found
