"""The catalogue's log → what stood first in each answer, how likely, and what came of it.

The reward is what the learner did with what stood first, from when it was shown until so many days
later: the mean of their scores with it where there are any, else 1 if they completed it, else 0. A
view, a skip, or an attempt without a score is none. It tells what they did, not what they learned,
so what is easy earns more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.records import Event, Interaction, Recommendation
from evaluation.logged.off_policy import FirstPlace

DAY: Final = 86400.0  # seconds

Openings: TypeAlias = Mapping[str, Sequence[float]]
"""Resource → when each of its learners met it first, in Unix seconds, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """First places with their rewards, earliest first, and how often each resource was opened.

    `empty` answers had nothing to show, of `pending` ones the days are not over.
    """

    places: list[FirstPlace]
    openings: Openings
    empty: int
    pending: int


@dataclass(slots=True)
class _Done:
    scores: list[float] = field(default_factory=list)
    completed: bool = False

    def take(self, interaction: Interaction) -> None:
        if interaction.event is Event.VIEWED:
            return
        if interaction.score is not None:
            self.scores.append(interaction.score)
        self.completed |= interaction.event is Event.COMPLETED

    @property
    def reward(self) -> float:
        return sum(self.scores) / len(self.scores) if self.scores else float(self.completed)


def read_log(catalogue: Catalogue, *, days: float, now: float, policy: str | None = None) -> Log:
    """Every answer in the catalogue, or those of one version of the policy, as of `now`.

    Raises GatewaysError for an answer whose candidates do not have what was shown.
    """
    logged = [
        one for one in catalogue.recommendations.live() if policy is None or one.policy == policy
    ]
    full = [one for one in logged if one.shown]
    places = [_first(one) for one in full if one.time + days * DAY <= now]
    rewards, openings = _follow(places, catalogue.interactions.live(), days * DAY)
    return Log(
        places=[replace(one, reward=each) for one, each in zip(places, rewards, strict=True)],
        openings=openings,
        empty=len(logged) - len(full),
        pending=len(full) - len(places),
    )


def _first(logged: Recommendation) -> FirstPlace:
    first = min(logged.shown, key=lambda one: one.position)
    candidates = tuple(resource for resource, _ in logged.candidates)
    if first.resource not in candidates:
        raise GatewaysError(
            f"recommendation {logged.id!r} of the policy {logged.policy!r}: {first.resource!r} was "
            "shown first and is none of its candidates; name another policy with --policy"
        )
    return FirstPlace(
        answer=logged.id,
        learner=logged.learner,
        time=logged.time,
        policy=logged.policy,
        candidates=candidates,
        shown=candidates.index(first.resource),
        propensity=first.propensity or 0.0,  # a log that has none says null
        reward=0.0,
    )


def _follow(
    places: Sequence[FirstPlace], interactions: Iterable[Interaction], seconds: float
) -> tuple[list[float], Openings]:
    """The reward of each place, and the openings."""
    done = [_Done() for _ in places]
    waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, one in enumerate(places):
        waiting[one.learner, one.candidates[one.shown]].append(row)
    met: dict[tuple[str, str], float] = {}
    for interaction in interactions:
        if interaction.resource is None:
            continue
        key = (interaction.learner, interaction.resource)
        met[key] = min(interaction.time, met.get(key, interaction.time))
        for row in waiting.get(key, ()):
            if 0 <= interaction.time - places[row].time < seconds:
                done[row].take(interaction)
    openings: dict[str, list[float]] = defaultdict(list)
    for (_, resource), time in sorted(met.items(), key=lambda one: one[1]):
        openings[resource].append(time)
    return [one.reward for one in done], openings
