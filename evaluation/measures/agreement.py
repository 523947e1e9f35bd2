"""How far two people agree who judged the same things."""

from collections import Counter
from collections.abc import Sequence


def kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Cohen's kappa: 1 they always agree, 0 no more often than chance would have it.

    None where chance alone would have them agree on everything, or nothing was judged. Cohen, A
    Coefficient of Agreement for Nominal Scales (1960).
    """
    if len({*first, *second}) < 2:
        return None
    agreed = sum(one == other for one, other in zip(first, second, strict=True)) / len(first)
    said, other = Counter(first), Counter(second)
    by_chance = sum(said[word] * other[word] for word in said) / len(first) ** 2
    return (agreed - by_chance) / (1 - by_chance)
