"""Where a catalogue's resources usually lie, language by language, and how to look past it.

An encoder puts what is written in one language, or in one manner, side by side: a lesson in Arabic
is near to other lessons in Arabic whatever they teach, and a lesson is nearer to any lesson than to
an outcome. What a text is about is how it differs from what is usual of its kind, so that a vector
is moved from the mean of its kind to that of another (mean-centring: Libovický, Rosa & Fraser, On
the Language Neutrality of Pre-trained Multilingual Representations, Findings of EMNLP 2020).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.errors import GatewaysError
from data.json_text import parsed
from models.encoder import Matrix
from models.languages import primary

# A mean of so few resources says more of what these teach than of their kind, and is not believed;
# one of twice as many is half believed (positive-part shrinkage as James and Stein's).
FEW = 10
# A mean of so many is known as well as it need be.
ENOUGH = 2000


@dataclass(frozen=True, slots=True)
class Centroids:
    """For each of `languages` the mean vector [l, dimension] of `counts` [l] resources."""

    languages: Sequence[str]
    means: Matrix
    counts: Sequence[int]

    def moved(self, vectors: Matrix, towards: Matrix | None = None) -> Matrix:
        """Vectors [n, dimension] as they would be if their kind lay at `towards` [dimension].

        By default that is where the whole catalogue lies. A vector is of the kind that it is
        nearest to. Without any they stay where they are.
        """
        if not len(self.means):
            return vectors
        counts = np.array(self.counts, dtype=np.float32)
        if towards is None:
            towards = counts @ self.means / counts.sum()
        lengths = np.linalg.norm(self.means, axis=1)
        kinds = np.argmax(vectors @ (self.means / np.maximum(lengths, 1e-9)[:, None]).T, axis=1)
        believed = np.maximum(0, 1 - FEW / counts)[kinds, None]
        there = vectors + believed * (towards - self.means[kinds])
        return _unit(there).astype(np.float32)

    def write(self, path: Path) -> None:
        """Write them as JSON."""
        rows = zip(self.languages, self.counts, self.means, strict=True)
        said = [
            {"language": language, "count": count, "mean": mean.tolist()}
            for language, count, mean in rows
        ]
        path.write_text(json.dumps(said, ensure_ascii=False) + "\n", encoding="utf-8")


NOWHERE = Centroids((), np.empty((0, 0), dtype=np.float32), ())


def centroids_of(languages: Sequence[str | None], vectors: Matrix) -> Centroids:
    """Those of resources in `languages` [n] with `vectors` [n, dimension].

    Of a language with very many resources as many are looked at as are enough, spread evenly.
    """
    places: dict[str, list[int]] = {}
    for place, language in enumerate(languages):
        places.setdefault(primary(language or ""), []).append(place)
    if not places:
        return NOWHERE
    names = sorted(places)
    means = [vectors[_spread(places[name])].mean(axis=0) for name in names]
    return Centroids(
        names, np.stack(means).astype(np.float32), [len(places[name]) for name in names]
    )


def apart(vectors: Matrix, usual: Matrix) -> Matrix:
    """Unit vectors [..., dimension] of how some differ from what is `usual` [dimension]."""
    return _unit(vectors - usual)


def read_centroids(path: Path) -> Centroids:
    """What `write` wrote. Raises GatewaysError when the file is not of that kind."""
    try:
        rows: Sequence[Mapping[str, object]] = parsed(path.read_text(encoding="utf-8"))
        means = np.array([row["mean"] for row in rows], dtype=np.float32)
        counts = [int(str(row["count"])) for row in rows]
        return Centroids([str(row["language"]) for row in rows], means, counts) if rows else NOWHERE
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise GatewaysError(f"{path}: are no centroids ({error}); run `gateways index`") from None


def _unit(vectors: Matrix) -> Matrix:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    directions: Matrix = vectors / np.maximum(lengths, 1e-9)
    return directions


def _spread(places: Sequence[int]) -> Sequence[int]:
    step = max(1, len(places) // ENOUGH)
    return places[::step]
