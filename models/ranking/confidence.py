"""Score → confidence: the calibrated probability that a curator would accept.

Logistic models (Platt, Probabilistic Outputs for Support Vector Machines, 1999) over what a place
in the list says by itself: the score, its share among the others' (a candidate that stands out from
all others has nearly all), the rank, whether it is the first and how far ahead of the second; and
over what was asked: among how many candidates, with how many words, with a subject and levels or
without. To stand out means less for a mere title, and more where subject and level are known.
`training.second_stage.confidence` fits them.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from data.errors import GatewaysError
from data.json_text import parsed
from models.log_odds import expit

Values: TypeAlias = npt.NDArray[np.float64]

# The share is one among so many, however long the list is: training sees no more of it.
RIVALS = 100

# The weights of the two models, as the fields of a confidence are called.
LIKELY: Final = (
    *("bias", "score", "log_share", "log_rank", "log_size", "log_words", "subject", "levels"),
    *("share_by_words", "share_by_subject", "share_by_levels", "first", "ahead"),
)
FITS: Final = ("fits_bias", "fits_best", "fits_nearest", "fits_log_size", "fits_margin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What was asked: `words` in the query, whether a subject and levels were known of it.

    The list is the best of `size` candidates, and `nearest` the highest cosine in it; `elsewhere`
    is how near the query is to what none of them is about.
    """

    size: int
    nearest: float
    elsewhere: float
    words: int
    subject: bool = False
    levels: bool = False

    @property
    def margin(self) -> float:
        """How much nearer the nearest candidate is than anything else."""
        return self.nearest - self.elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Weights of the logistic models; `encoder` and `fitted_on` say where they hold.

    Those that begin with `fits` are of a second one: does anything in the list fit at all? The
    others are of the first: if something does, is it this one? `words_weight` is that of words in
    the scores that it was fitted to. Those that were fitted before there was a `fits_margin` have
    other weights in its stead.
    """

    bias: float
    score: float
    log_share: float
    log_rank: float
    log_size: float
    log_words: float = 0.0
    subject: float = 0.0
    levels: float = 0.0
    share_by_words: float = 0.0
    share_by_subject: float = 0.0
    share_by_levels: float = 0.0
    first: float = 0.0
    ahead: float = 0.0
    fits_bias: float
    fits_margin: float = 0.0
    fits_best: float = 0.0
    fits_nearest: float = 0.0
    fits_log_size: float = 0.0
    words_weight: float
    encoder: str
    fitted_on: str

    def of(self, scores: npt.NDArray[np.floating], asked: Situation) -> Values:
        """Confidences [k] of one list of scores [k] in descending order; they descend, too."""
        if not len(scores):
            return np.zeros(0)
        logits = list_features(scores, asked) @ self._weights(LIKELY) + self.bias
        fits = self.fits(float(scores[0]), asked)
        return fits * np.minimum.accumulate(expit(logits))

    def fits(self, best: float, asked: Situation) -> float:
        """Probability that something fits, by the `best` score.

        Among many candidates something always stands out, so that the best score does not tell, nor
        does the highest cosine: a short text is near to nothing, an empty one to everything. That
        it is nearer to them than to anything else does.
        """
        return float(expit(self.fits_bias + self._weights(FITS) @ fits_features(best, asked)))

    def _weights(self, names: Sequence[str]) -> Values:
        return np.array([getattr(self, name) for name in names[1:]])

    def write(self, path: Path) -> None:
        """Write the weights as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def list_features(scores: npt.NDArray[np.floating], asked: Situation) -> Values:
    """What the first model sees of a list [k]: float64 [k, 12], in the order of LIKELY."""
    values = np.asarray(scores, dtype=np.float64)
    shares = values - np.logaddexp.reduce(values[:RIVALS]) if len(values) else values
    ranks = np.log(np.arange(1, len(values) + 1))
    said = [_log(asked.words), float(asked.subject), float(asked.levels)]
    same_for_all = np.tile([_log(asked.size), *said], (len(values), 1))
    lead = np.zeros((len(values), 2))
    if len(values):
        lead[0] = 1, values[0] - values[:2][-1]
    columns = [values, shares, ranks, *same_for_all.T, *np.outer(said, shares), *lead.T]
    return np.stack(columns, axis=1)


def fits_features(best: float, asked: Situation) -> Values:
    """What the second model sees of a list: float64 [4], in the order of FITS.

    Words and metadata are none of it: those of the strangers that it was fitted to tell too much.
    """
    return np.array([best, asked.nearest, _log(asked.size), asked.margin])


def _log(count: int) -> float:
    return math.log(max(count, 1))


def read_confidence(path: Path) -> Confidence:
    """Weights that `write` wrote. Raises GatewaysError when the file is not of that kind."""
    try:
        return Confidence(**parsed(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise GatewaysError(f"{path}: is not a fitted confidence ({error})") from None
