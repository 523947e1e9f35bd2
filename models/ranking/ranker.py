"""Features → scores: a linear model and boosted trees, which agree by the mean of their log-odds.

The trees see what depends on what; the linear model is steadier where little was learned from, and
on frameworks that were never seen. `training.second_stage.ranker` fits them.
"""

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED

import numpy as np
from threadpoolctl import ThreadpoolController

from data.errors import GatewaysError
from models.ranking.features import GROUPS, NAMES, Values

# All that a file may hold; skops refuses the rest, since loading must run nothing.
TRUSTED: Final = [
    "numpy.dtype",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
]
_COLUMNS: Final = {group: [NAMES.index(name) for name in names] for group, names in GROUPS.items()}


class Ranker:
    """Scores candidates in log-odds. Read-only, so safe to share between threads."""

    def __init__(self, packed: bytes) -> None:
        """Load what `packed` made. Raises ValueError when it is not that, or of other features."""
        # To import it takes seconds, since it imports all of scikit-learn, and torch with it.
        import skops.io
        from skops.io.exceptions import UntrustedTypesFoundException

        try:
            said = skops.io.loads(packed, trusted=TRUSTED)
            features, self._linear, self._trees = said["features"], said["linear"], said["trees"]
        except UntrustedTypesFoundException as error:
            raise ValueError(f"it holds what no ranker needs, and is not loaded: {error}") from None
        except Exception as error:
            raise ValueError(f"it is damaged: {error}") from None
        if features != list(NAMES):
            raise ValueError("it knows other features than this program; train it again")
        self.packed = packed

    @property
    def fingerprint(self) -> str:
        """The same for the same file; fitted again, it is another: skops writes ids of objects."""
        return hashlib.sha256(self.packed).hexdigest()[:8]

    def scores(self, features: Values) -> Values:
        """Scores float32 [n] of candidates' features [n, len(NAMES)]."""
        if not len(features):
            return np.zeros(0, dtype=np.float32)
        with one_thread():
            linear = self._linear.decision_function(features)
            both = linear + self._trees.decision_function(features)
        values: Values = (both / 2).astype(np.float32)
        return values

    def moved(self, features: Values, places: Sequence[int]) -> list[dict[str, float]]:
        """How much each group of features moves the candidates at `places`, in log-odds.

        Against the same candidate with what is usual in the list in the group's stead (occlusion:
        Zeiler & Fergus, Visualizing and Understanding Convolutional Networks, 2014).
        """
        usual = _median(features)
        variants = np.repeat(features[None, list(places)], len(_COLUMNS) + 1, axis=0)
        for number, columns in enumerate(_COLUMNS.values(), start=1):
            variants[number][:, columns] = usual[columns]
        scores = self.scores(variants.reshape(-1, features.shape[1])).reshape(variants.shape[:2])
        return [
            {group: float(whole - found) for group, found in zip(_COLUMNS, without, strict=True)}
            for whole, without in zip(scores[0], scores[1:].T, strict=True)
        ]


def one_thread() -> AbstractContextManager[Any]:
    """Keep scikit-learn's trees to one thread of OpenMP.

    Lists are short, and where other work wants the processors a team of threads waits for its
    slowest member at every step: fitting took six times as long.
    """
    limited: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="openmp")
    return limited


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def packed(linear: Any, trees: Any) -> bytes:
    """Two fitted scikit-learn classifiers over NAMES, as bytes that run nothing when loaded."""
    import skops.io

    said = {"features": list(NAMES), "linear": linear, "trees": trees}
    found: bytes = skops.io.dumps(said, compression=ZIP_DEFLATED, compresslevel=9)
    return found


def read_ranker(path: Path) -> Ranker:
    """The ranker in a file. Raises GatewaysError when it is not one, or of other features."""
    try:
        return Ranker(path.read_bytes())
    except (OSError, ValueError) as error:
        raise GatewaysError(f"{path}: no ranker can be read from it ({error})") from None


def _median(features: Values) -> Values:
    """The median [d] of each feature that some candidate has, else NaN.

    NumPy's own takes longer over a short list than all the rest of an answer.
    """
    ordered = np.sort(features, axis=0)  # NaN come last
    known = (~np.isnan(features)).sum(axis=0)
    columns = np.arange(features.shape[1])
    lower, upper = np.maximum(known - 1, 0) // 2, known // 2
    usual: Values = (ordered[lower, columns] + ordered[upper, columns]) / 2
    return usual
