"""What resources for other curricula's outcomes teach of a learner's own, by a crosswalk."""

from collections.abc import Collection, Mapping
from typing import Final, TypeAlias

from data.records import Match
from models.alignment.transfer import Lines, likely
from models.learner.evidence import Aligned
from models.learner.shelf import CONFIDENT

TAUGHT: Final = frozenset({Match.EXACT, Match.BROADER, Match.NARROWER})
"""Who teaches what is merely related, or came before, does not teach the outcome itself."""

Pair: TypeAlias = tuple[str, str]
"""A resource and an outcome."""


def crossed(
    aligned: Aligned, lines: Lines, rejected: Collection[Pair]
) -> tuple[Aligned, dict[Pair, str]]:
    """What is aligned and what is as sure by a crosswalk, and by which outcome the latter comes.

    What curators `rejected` is left out.
    """
    found: dict[str, tuple[tuple[str, float], ...]] = {}
    origins: dict[Pair, str] = {}
    for resource, own in aligned.items():
        there = _beyond(own, lines)
        kept = {name: one for name, one in there.items() if (resource, name) not in rejected}
        certain = tuple((name, certainty) for name, (certainty, _) in kept.items())
        found[resource] = (*own, *certain)
        origins |= {(resource, name): origin for name, (_, origin) in kept.items()}
    return found, origins


def _beyond(own: Collection[tuple[str, float]], lines: Lines) -> Mapping[str, tuple[float, str]]:
    """Outcome → how sure it is that it is taught, too, and the outcome that tells so."""
    found: dict[str, tuple[float, str]] = {}
    for name, ways in lines.carried(own).items():
        taught = [way for way in ways if way.match in TAUGHT]
        certainty = likely(taught)
        if certainty >= CONFIDENT:
            found[name] = (certainty, taught[0].outcome)
    return found
