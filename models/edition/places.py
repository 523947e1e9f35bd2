"""Whether an outcome that stayed the same stands elsewhere: below another, or in another order."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from models.edition.side import Side


def moved(old: Side, new: Side, kept: Mapping[int, Collection[int]]) -> set[int]:
    """Rows of the old edition that became one of the new one, which stands elsewhere.

    `kept` maps rows of the old edition to what became of them. A heading that nothing follows and
    one that follows nothing are taken for the same place.
    """
    found: set[int] = set()
    followers = {place for there in kept.values() for place in there}
    families: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for row, there in kept.items():
        if len(there) != 1:
            continue
        (place,) = there
        parent, other = int(old.parents[row]), int(new.parents[place])
        is_unknown = parent not in kept and other not in followers and min(parent, other) >= 0
        if is_unknown or other == parent == -1 or other in kept.get(parent, ()):
            families[parent, other].append((row, place))
        else:
            found.add(row)
    for family in families.values():
        found |= _out_of_order(old, new, family)
    return found


def _out_of_order(old: Side, new: Side, family: Sequence[tuple[int, int]]) -> set[int]:
    """Those siblings that have to step aside for all others to stand in their order."""
    before = [old.outcomes[row].position for row, _ in family]
    after = [new.outcomes[place].position for _, place in family]
    if len(set(before)) < len(before) or len(set(after)) < len(after):
        return set()  # the editions do not say in which order they stand
    order = sorted(range(len(family)), key=before.__getitem__)
    staying = _longest_rise([after[one] for one in order])
    return {family[one][0] for place, one in enumerate(order) if place not in staying}


def _longest_rise(values: Sequence[int]) -> set[int]:
    """Places of the longest series that rises (Fredman, 1975)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        at = bisect_left(ends, value)
        before.append(last[at - 1] if at else -1)
        if at == len(ends):
            ends.append(value)
            last.append(place)
        else:
            ends[at], last[at] = value, place
    found: set[int] = set()
    place = last[-1] if last else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found
