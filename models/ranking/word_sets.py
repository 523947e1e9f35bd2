"""Sets of words, one for each row, and how much each has in common with another."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from models.index import Rows

Weights = npt.NDArray[np.float64]


class WordSets:
    """What each row has of one vocabulary. Read-only, so safe to share between threads."""

    def __init__(self, sets: Sequence[set[str]], numbers: dict[str, int]) -> None:
        """`numbers` [m] are the vocabulary's words, which those of the sets are added to."""
        ordered = [sorted(words) for words in sets]
        self.numbers = numbers
        self._words = np.array(
            [numbers.setdefault(word, len(numbers)) for words in ordered for word in words],
            dtype=np.int64,
        )
        self.sizes = np.array([len(words) for words in ordered], dtype=np.int64)
        self._starts = np.cumsum(self.sizes) - self.sizes

    def frequencies(self) -> Rows:
        """How many rows [m] have each word."""
        return np.bincount(self._words, minlength=len(self.numbers))

    def marks(self, words: Iterable[str]) -> Weights:
        """1 for each of these words, 0 for the others [m]."""
        marks = np.zeros(len(self.numbers))
        marks[[self.numbers[word] for word in words if word in self.numbers]] = 1
        return marks

    def common(self, rows: Rows, *weights: Weights) -> list[Weights]:
        """For each vector of words' weights [m] the sum over what each of `rows` has, [n]."""
        sizes = self.sizes[rows]
        ends = np.cumsum(sizes)
        places = np.arange(sizes.sum()) + np.repeat(self._starts[rows] - ends + sizes, sizes)
        words, of = self._words[places], np.repeat(np.arange(len(rows)), sizes)
        sums = (np.bincount(of, each[words], minlength=len(rows)) for each in weights)
        return [found.astype(np.float64, copy=False) for found in sums]  # of nothing it counts
