"""A catalogue that is made up: of any size, the same each time, its texts as long as Oak's lessons.

A resource has half of its words from the outcome that it teaches and half from all others'.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from data.formats.protocol import R, ReadOptions, Row
from data.formats.registry import open_document
from data.records import Alignment, Dataset, Outcome, Record, Resource
from models.encoder import Matrix
from models.lexical import words
from models.text import resource_text

Places = npt.NDArray[np.int64]
Words = npt.NDArray[np.str_]

FRAMEWORK: Final = "made-up"
SUBJECTS, YEARS = 20, 10
OUTCOME_WORDS, RESOURCE_WORDS = 9, 79
SAMPLE: Final = Path(__file__).parents[2] / "data" / "sample"
OWN: Final = 0.8
"""The cosine of a made-up resource with its outcome, about that of a lesson with its unit."""


@dataclass(frozen=True)
class MadeUp:
    """`outcomes` outcomes and `resources` resources, each aligned to one outcome."""

    resources: int
    outcomes: int = 2000

    @property
    def dataset(self) -> Dataset:
        """Whose rows these are."""
        return Dataset(name=FRAMEWORK, license="CC0-1.0")

    @property
    def kinds(self) -> frozenset[type[Record]]:
        """Outcomes, and resources with their alignments where there are some."""
        return frozenset({Outcome, Resource, Alignment} if self.resources else {Outcome})

    def read(self, kind: type[R]) -> Iterator[Row[R]]:
        """Yield the records of one kind."""
        for line, record in enumerate(self._records(kind), start=1):
            if isinstance(record, kind):
                yield Row(record, "made up", line)

    def resource(self, number: int) -> Resource:
        """The resource of any number, also of one beyond `resources`."""
        text = self._words[self._draw(number)]
        return Resource(
            id=f"r{number}",
            title=" ".join(text[:6]).capitalize(),
            description=" ".join(text[6:]),
            kind="lesson",
            subject=f"Subject {number % self.outcomes % SUBJECTS}",
            levels=(f"Year {1 + number % self.outcomes % YEARS}",),
            language="en",
        )

    def vectors(self, outcomes: Matrix) -> Matrix:
        """Vectors of the resources, float32 [resources, d], from those of the outcomes [n, d].

        What an encoder would need hours for: each is its outcome's, turned in a random direction.
        """
        found = directions(self.resources, outcomes.shape[1], seed=1)
        found *= np.float32((1 / OWN**2 - 1) ** 0.5)
        for start in range(0, self.resources, len(outcomes)):
            found[start : start + len(outcomes)] += outcomes[: self.resources - start]
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found

    def _records(self, kind: type[R]) -> Iterator[Record]:
        if kind is Outcome:
            yield from self._framework()
        elif kind is Resource:
            yield from map(self.resource, range(self.resources))
        elif kind is Alignment:
            for number in range(self.resources):
                yield Alignment(resource=f"r{number}", outcome=f"o{number % self.outcomes}")

    def _framework(self) -> Iterator[Outcome]:
        for number in range(SUBJECTS):
            title = f"Subject {number}"
            yield Outcome(
                id=f"s{number}", framework=FRAMEWORK, title=title, language="en", assignable=False
            )
        for number, title in enumerate(self._words[self._of_outcomes]):
            yield Outcome(
                id=f"o{number}",
                framework=FRAMEWORK,
                title=" ".join(title).capitalize(),
                parent=f"s{number % SUBJECTS}",
                subject=f"Subject {number % SUBJECTS}",
                levels=(f"Year {1 + number % YEARS}",),
                language="en",
                position=number,
            )

    @cached_property
    def _words(self) -> Words:
        """The words of the sample's English texts, the frequent first; an encoder knows them."""
        rows = open_document(SAMPLE, ReadOptions()).read(Resource)
        records = (row.record for row in rows if isinstance(row, Row))
        texts = (resource_text(one) for one in records if one.language == "en")
        counted = Counter(word for text in texts for word in words(text.lower()) if word.isascii())
        return np.array([word for word, _ in counted.most_common() if word.isalpha()])

    @cached_property
    def _of_outcomes(self) -> Places:
        """The words of each outcome's title [outcomes, OUTCOME_WORDS], frequent and rare ones."""
        drawn = np.random.default_rng(1).random((self.outcomes, OUTCOME_WORDS))
        return (len(self._words) ** drawn).astype(np.int64)

    def _draw(self, number: int) -> Places:
        generator = np.random.default_rng((2, number))
        places = generator.integers(OUTCOME_WORDS, size=RESOURCE_WORDS)
        others = generator.integers(self.outcomes, size=RESOURCE_WORDS)
        whose = np.where(np.arange(RESOURCE_WORDS) % 2, others, number % self.outcomes)
        return self._of_outcomes[whose, places]


def directions(size: int, dimension: int, seed: int = 0) -> Matrix:
    """Unit vectors float32 [size, dimension] in random directions, the same ones for a seed."""
    found = np.random.default_rng(seed).standard_normal((size, dimension), dtype=np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found
