"""Learners, one after the other, into one table, of which then only what is protected comes out."""

from collections.abc import Iterable, Mapping

from evaluation.evidence.cells import Cell, Key, Sums, Told, told
from evaluation.evidence.privacy import Privacy, Table, bounded, noisy


class Counting:
    """Sums what learners did by cell; it keeps nothing of any of them."""

    def __init__(self, table: Table, domain: Iterable[Key], privacy: Privacy) -> None:
        self._table = table
        self._privacy = privacy
        self._learners: dict[Key, int] = dict.fromkeys(sorted(domain), 0)
        self._sums = {key: [0.0] * table.width for key in self._learners}

    def add(self, learner: Mapping[Key, Sums]) -> None:
        """Take in one learner: what they did in each cell of the domain."""
        noise = self._privacy.epsilon is not None
        for key, values in (bounded(learner, self._table.most) if noise else learner).items():
            self._learners[key] += 1
            sums = self._sums[key]
            for place, value in enumerate(values):
                sums[place] += value

    def told(self, epsilon: float | None) -> Told:
        """What may be told, with noise of that budget if there is one."""
        cells = [Cell(key, count, tuple(self._sums[key])) for key, count in self._learners.items()]
        if epsilon is not None:
            cells = noisy(cells, self._table, epsilon, self._privacy.secret)
        return told(cells, self._privacy.least)
