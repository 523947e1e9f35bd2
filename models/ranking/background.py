"""What no framework at hand is about, so that a text about that is told from one that fits.

Among many outcomes something is always nearest, and how near says little: a short text is near to
nothing, an empty one to everything. Whether it is nearer to something else says more (a background
model, as in Reynolds, Quatieri & Dunn, Speaker Verification Using Adapted Gaussian Mixture Models,
Digital Signal Processing 2000). `background.txt` has what is written to say nothing and, after an
empty line, what else texts are about: the fields of knowledge and everyday life.
"""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from data.errors import GatewaysError
from models.encoder import Encoder, Matrix
from models.index import Rows

# The share of what texts are about that is likest to a framework's outcomes: that is what it
# teaches.
TAUGHT = 1 / 3
# To be near to several things counts as well: one that is so much farther than the nearest counts a
# third as much, in deviations of the cosines within the background.
SHARPNESS = 0.4
LEAST_DEVIATION = 1e-3


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The `rows` of the background beside what a framework teaches.

    One that is `width` farther from a text than the nearest counts a third.
    """

    rows: Rows
    width: float

    def nearness(self, cosines: Matrix) -> float:
        """How near a text is to it, by its cosines [b] to the whole background: a soft maximum."""
        if not len(self.rows):
            return 0.0
        return float(self.width * np.logaddexp.reduce(cosines[self.rows] / self.width))


class Background:
    """Unit vectors of what says `nothing` [m, dimension] and what else texts are `about` [n, …].

    Without any, every text is at 0 from it. Read-only, so safe to share between threads.
    """

    def __init__(self, nothing: Matrix, about: Matrix) -> None:
        self._vectors = np.concatenate([nothing, about])
        self.nothing = self._vectors[: len(nothing)]
        self.about = self._vectors[len(nothing) :]

    def cosines(self, vector: Matrix) -> Matrix:
        """Those [m + n] of a text's vector [dimension], what says nothing first."""
        if not len(self._vectors):
            return np.zeros(0, dtype=np.float32)
        found: Matrix = self._vectors @ vector
        return found

    def beside(self, outcomes: Matrix) -> Elsewhere:
        """What is left of it beside what a framework of `outcomes` [n, dimension] teaches."""
        if not len(self._vectors):
            return Elsewhere(np.zeros(0, dtype=np.int64), LEAST_DEVIATION)
        nearest = (self.about @ outcomes.T).max(axis=1)
        kept = np.argsort(nearest, kind="stable")[: round((1 - TAUGHT) * len(nearest))]
        rows = np.concatenate([np.arange(len(self.nothing)), len(self.nothing) + kept])
        left = self._vectors[rows]
        cosines = (left @ left.T)[~np.eye(len(left), dtype=bool)]
        return Elsewhere(rows, SHARPNESS * max(float(cosines.std()), LEAST_DEVIATION))

    def write(self, path: Path) -> None:
        """Write the vectors as NumPy does, which would not say why a file cannot be written."""
        written = BytesIO()
        np.savez(written, nothing=self.nothing, about=self.about)
        path.write_bytes(written.getvalue())


_NONE: Matrix = np.zeros((0, 0), dtype=np.float32)
NO_BACKGROUND = Background(_NONE, _NONE)


def background_of(encoder: Encoder) -> Background:
    """The background as an encoder sees it."""
    nothing, about = background_texts()
    vectors = encoder.encode([*nothing, *about])
    return Background(vectors[: len(nothing)], vectors[len(nothing) :])


def read_background(path: Path) -> Background:
    """What `write` wrote. Raises GatewaysError when the file is not of that kind."""
    try:
        with np.load(path, allow_pickle=False) as read:
            return Background(read["nothing"], read["about"])
    except (OSError, ValueError, EOFError, KeyError, TypeError, BadZipFile) as error:
        raise GatewaysError(f"{path}: is no background ({error}); run `gateways index`") from None


@cache
def background_texts() -> tuple[list[str], list[str]]:
    """What says nothing, and what else texts are about."""
    text = Path(__file__).with_name("background.txt").read_text(encoding="utf-8")
    nothing, about = text.split("\n\n")
    return nothing.splitlines(), about.splitlines()
