"""Suggestions → the parts of the curriculum trees that they stand in."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from data.records import Decision
from models.alignment.reasons import NOTICEABLE
from models.entry import Entry
from models.suggestion import LIKELY, Origin, Reason, Suggestion
from service.web.wording import message

# From the lowest confidence that deserves the word.
WORDS = (
    (0.8, message("Very likely")),
    (LIKELY, message("Likely")),
    (0.2, message("Possible")),
    (0.0, message("Less likely")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """An outcome on the page: suggested, decided on, or both."""

    entry: Entry
    suggestion: Suggestion | None = None
    decision: Decision | None = None

    @property
    def percent(self) -> int:
        """The confidence, from 1 to 99."""
        return percent_of(self.suggestion.confidence if self.suggestion else 0.0)

    @property
    def likelihood(self) -> str:
        """The confidence in a word."""
        return likelihood_of(self.percent)

    @property
    def is_likely(self) -> bool:
        """Whether it is suggested, and likelier to fit than not."""
        return self.suggestion is not None and self.suggestion.is_likely

    @property
    def words(self) -> tuple[str, ...]:
        """The words that it shares with the text."""
        return tuple(word for reason in self.reasons for word in reason.words)

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The outcomes of other frameworks that a crosswalk comes from."""
        return tuple(origin for reason in self.reasons for origin in reason.by)

    @property
    def speaks_for(self) -> tuple[Reason, ...]:
        """What raises the confidence in it, the strongest first."""
        return _strongest(reason for reason in self.reasons if reason.moved >= NOTICEABLE)

    @property
    def speaks_against(self) -> tuple[Reason, ...]:
        """What lowers it, the strongest first."""
        return _strongest(reason for reason in self.reasons if reason.moved <= -NOTICEABLE)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All that is known to have moved it."""
        return self.suggestion.reasons if self.suggestion else ()


@dataclass(slots=True)
class Branch:
    """A heading (or several that follow each other without a fork) and what is below it."""

    titles: tuple[str, ...]
    language: str | None
    branches: list["Branch"] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)

    def below(self, title: str, language: str | None) -> "Branch":
        """The branch of that title, made if need be."""
        for branch in self.branches:
            if branch.titles == (title,):
                return branch
        self.branches.append(Branch((title,), language))
        return self.branches[-1]

    def joined(self) -> "Branch":
        """The same with each heading that has but one heading below it joined to that."""
        below = [branch.joined() for branch in self.branches]
        if self.titles and not self.leaves and len(below) == 1:
            only = below[0]
            return Branch(self.titles + only.titles, only.language, only.branches, only.leaves)
        return Branch(self.titles, self.language, below, self.leaves)


def percent_of(confidence: float) -> int:
    """A confidence from 1 to 99: nothing is impossible, nothing certain."""
    return min(99, max(1, round(100 * confidence)))


def likelihood_of(percent: int) -> str:
    """The word for it, as a message."""
    return next(word for least, word in WORDS if percent >= 100 * least)


def grow(leaves: Iterable[Leaf]) -> dict[str, Branch]:
    """Framework → its tree with these leaves; the best come first wherever the tree lets them."""
    roots: dict[str, Branch] = {}
    for leaf in leaves:
        outcome = leaf.entry.outcome
        branch = roots.setdefault(outcome.framework, Branch((), outcome.language))
        for title in leaf.entry.path[:-1]:
            branch = branch.below(title, outcome.language)
        branch.leaves.append(leaf)
    return {framework: root.joined() for framework, root in roots.items()}


def _strongest(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.moved)))
