"""Which outcomes each resource was accepted for, in a few bytes for each."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from models.index import Names, Rows


class Accepted(Mapping[str, Sequence[str]]):
    """Resource → the outcomes that it was accepted for, packed. Never changes.

    As lists of strings they would take three times as much as all vectors' codes.
    """

    def __init__(self, accepted: Mapping[str, Sequence[str]]) -> None:
        self._resources = Names(list(accepted))
        counts = np.fromiter(map(len, accepted.values()), np.int64, len(accepted))
        self._ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        numbers: dict[str, int] = {}
        each = (
            numbers.setdefault(one, len(numbers))
            for outcomes in accepted.values()
            for one in outcomes
        )
        self._numbers = np.fromiter(each, np.int32, int(self._ends[-1]))
        self.outcomes = list(numbers)

    def __len__(self) -> int:
        return len(self._resources)

    def __iter__(self) -> Iterator[str]:
        return iter(self._resources)

    def __getitem__(self, resource: str) -> list[str]:
        """The outcomes of one. Raises KeyError for a resource that was accepted for none."""
        (row,) = self._resources.rows([resource]).tolist()
        if row < 0:
            raise KeyError(resource)
        return [self.outcomes[number] for number in self._of(row)]

    def numbers(self, resources: Sequence[str]) -> list[list[int]]:
        """The places among `outcomes` of what each of `resources` [n] was accepted for."""
        rows = self._resources.rows(resources).tolist()
        return [self._of(row) if row >= 0 else [] for row in rows]

    def _of(self, row: int) -> list[int]:
        found: list[int] = self._numbers[self._ends[row] : self._ends[row + 1]].tolist()
        return found


class AcceptedRows:
    """The same by the rows of outcomes in one snapshot."""

    def __init__(self, accepted: Mapping[str, Sequence[str]], rows: Mapping[str, int]) -> None:
        """`rows` are those of the outcomes; what has none is left out."""
        self._accepted = accepted if isinstance(accepted, Accepted) else Accepted(accepted)
        self._rows = [rows.get(outcome, -1) for outcome in self._accepted.outcomes]

    def of(self, resources: Sequence[str]) -> list[Rows]:
        """The rows that each of `resources` [n] was accepted for, in order."""
        found = (
            {self._rows[number] for number in numbers} - {-1}
            for numbers in self._accepted.numbers(resources)
        )
        return [np.array(sorted(rows), dtype=np.int64) if rows else _NONE for rows in found]


_NONE: Rows = np.empty(0, dtype=np.int64)


def accepted_bytes(accepted: Mapping[str, Sequence[str]]) -> bytes:
    """What a snapshot's file of accepted outcomes holds."""
    return json.dumps(dict(accepted), ensure_ascii=False, sort_keys=True).encode()


def read_accepted(path: Path) -> Accepted:
    """Read such a file."""
    return Accepted(json.loads(path.read_text(encoding="utf-8")))
