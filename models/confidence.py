"""Score → confidence: the calibrated probability that a curator would accept.

Logistic models (Platt, Probabilistic Outputs for Support Vector Machines, 1999) over what a place
in the list says by itself: the score, its share among the others' (a candidate that stands out from
all others has nearly all), the rank, and among how many candidates. `training.confidence` fits
them.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logsumexp

from data.errors import GatewaysError

Values: TypeAlias = npt.NDArray[np.float64]

# The share is one among so many, however long the list is: training sees no more of it.
RIVALS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Weights of the logistic models; `encoder` and `fitted_on` say where they hold.

    Those that begin with `fits` are of a second one: does anything in the list fit at all? The
    others are of the first: if something does, is it this one? `words_weight` is that of words in
    the scores that it was fitted to.
    """

    bias: float
    score: float
    log_share: float
    log_rank: float
    log_size: float
    fits_bias: float
    fits_best: float
    fits_nearest: float
    fits_log_size: float
    words_weight: float
    encoder: str
    fitted_on: str

    def of(self, scores: npt.NDArray[np.floating], nearest: float, size: int) -> Values:
        """Confidences [k] of one list of scores [k] in descending order; they descend, too.

        The list is the best of `size` candidates, and `nearest` the highest cosine in it.
        """
        weights = np.array([self.score, self.log_share, self.log_rank, self.log_size])
        if not len(scores):
            return np.zeros(0)
        logits = list_features(scores, size) @ weights + self.bias
        fits = self.fits(float(scores[0]), nearest, size)
        return fits * np.minimum.accumulate(expit(logits))

    def fits(self, best: float, nearest: float, size: int) -> float:
        """Probability that something fits.

        Among `size` candidates something always stands out, so that the best score does not tell:
        the highest cosine, `nearest`, says how near it is after all.
        """
        weights = np.array([self.fits_best, self.fits_nearest, self.fits_log_size])
        return float(expit(self.fits_bias + weights @ [best, nearest, np.log(max(size, 1))]))

    def write(self, path: Path) -> None:
        """Write the weights as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def list_features(scores: npt.NDArray[np.floating], size: int) -> Values:
    """What the logistic model sees of a list [k], the best of `size`: float64 [k, 4]."""
    values = np.asarray(scores, dtype=np.float64)
    ranks = np.arange(1, len(values) + 1)
    sizes = np.full(len(values), np.log(max(size, 1)))
    shares = values - logsumexp(values[:RIVALS]) if len(values) else values
    return np.stack([values, shares, np.log(ranks), sizes], axis=1)


def read_confidence(path: Path) -> Confidence:
    """Weights that `write` wrote. Raises GatewaysError when the file is not of that kind."""
    try:
        return Confidence(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise GatewaysError(f"{path}: is not a fitted confidence ({error})") from None
