"""Resources as a recommender looks at them: which there are for an outcome, and what they are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from data.downloadable import is_downloadable
from data.records import Alignment, Relation, Resource
from models.languages import primary
from models.learner.curriculum import Curriculum, Rows, Values
from models.learner.evidence import Aligned
from models.learner.mastery import Mask

CONFIDENT: Final = 0.7
"""An alignment that only a model stands for counts from this confidence on."""

PRACTICE: Final = frozenset({"exercise", "quiz", "game", "simulation", "assessment", "test"})
CONFIDENCE: Final = "confidence"


def sure_alignments(alignments: Iterable[Alignment]) -> Aligned:
    """Resource → outcomes that it teaches or assesses, of what people or a sure model say."""
    found: dict[str, dict[str, float]] = {}
    for one in alignments:
        certainty = _certainty(one)
        if one.relation is not Relation.REQUIRES and certainty >= CONFIDENT:
            mine = found.setdefault(one.resource, {})
            mine[one.outcome] = max(certainty, mine.get(one.outcome, 0.0))
    return {resource: tuple(outcomes.items()) for resource, outcomes in found.items()}


class Shelf:
    """Resources as rows, found by the curriculum row that they are aligned to."""

    def __init__(
        self,
        curriculum: Curriculum,
        resources: Sequence[Resource],
        aligned: Aligned,
        origins: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        """`origins` tells of a resource and an outcome by which other outcome they are aligned."""
        self.aligned = aligned
        self.origins = origins or {}
        self.resources = [one for one in resources if one.id in aligned]
        self.ids = np.array([one.id for one in self.resources], dtype=object)
        self.row = {one.id: place for place, one in enumerate(self.resources)}
        self.languages = np.array(
            [primary(one.language or "") for one in self.resources], dtype=object
        )
        self.kinds = np.array([one.kind or "" for one in self.resources], dtype=object)
        self.is_practice = np.array([kind in PRACTICE for kind in self.kinds], dtype=bool)
        self.is_offline = np.array(
            [is_downloadable(one) is True for one in self.resources], dtype=bool
        )
        self.levels = _levels(self.resources, curriculum)
        self._of_outcome = _by_outcome(self.resources, aligned, curriculum)

    def of_outcome(self, row: int) -> tuple[Rows, Values]:
        """Rows of the resources for an outcome, and how sure each alignment is."""
        return self._of_outcome.get(row, _NONE)

    def teachable(self, outcomes: int) -> Mask:
        """Whether there is a resource for each of so many outcome rows."""
        mask = np.zeros(outcomes, dtype=bool)
        mask[list(self._of_outcome)] = True
        return mask


_NONE: Final = (np.zeros(0, dtype=np.int64), np.zeros(0))


def _certainty(alignment: Alignment) -> float:
    said = alignment.extra.get(CONFIDENCE)
    try:
        certainty = float(said) if isinstance(said, int | float | str) else 1.0  # CSV has texts
    except (ValueError, OverflowError):
        return 1.0
    return certainty if 0 <= certainty <= 1 else 1.0


def _by_outcome(
    resources: Sequence[Resource], aligned: Aligned, curriculum: Curriculum
) -> dict[int, tuple[Rows, Values]]:
    found: dict[int, list[tuple[int, float]]] = {}
    for place, resource in enumerate(resources):
        for outcome, certainty in aligned[resource.id]:
            row = curriculum.row.get(outcome)
            if row is not None:
                found.setdefault(row, []).append((place, certainty))
    return {
        row: (np.array([one for one, _ in pairs]), np.array([sure for _, sure in pairs]))
        for row, pairs in found.items()
    }


def _levels(resources: Sequence[Resource], curriculum: Curriculum) -> Mapping[str, Values]:
    """Framework → the lowest rank that each resource [n] names of its levels; NaN for none."""
    ranks: dict[str, dict[str, float]] = {}
    for (framework, level), rank in curriculum.level_ranks.items():
        ranks.setdefault(framework, {})[level] = rank
    return {
        framework: np.array(
            [
                min((named[level] for level in one.levels if level in named), default=np.nan)
                for one in resources
            ]
        )
        for framework, named in ranks.items()
    }
