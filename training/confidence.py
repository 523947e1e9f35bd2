"""Fits the confidence: lists of scores with known answers → weights of the logistic model.

The lists are those of frameworks of many sizes, and now and then of one in which nothing fits, so
that the confidence holds beyond the framework it was fitted on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from data.errors import GatewaysError
from data.records import Resource
from models.aligner import Aligner
from models.confidence import RIVALS, Confidence, Values, list_features
from models.encoder import Progress
from models.text import query_of
from training.parts import FOREIGN, Part, draw_parts

Truths = npt.NDArray[np.bool_]

# So few weights need no more than some thousand lists; embedding the rest would only take time.
PARTS = 36
SIZE = 80
FEWEST = 100


def fit_confidence(
    aligner: Aligner,
    resources: Sequence[Resource],
    gold: Mapping[str, frozenset[str]],
    *,
    fitted_on: str,
    seed: int = 0,
    progress: Progress | None = None,
) -> Confidence:
    """Fit on `resources` whose relevant outcomes are `gold`; neither may have trained the encoder.

    Raises GatewaysError when there are too few to fit on.
    """
    there = {entry.outcome.id for entry in aligner.snapshot.entries}
    usable = sum(bool(gold[resource.id] & there) for resource in resources)
    if usable < FEWEST:
        raise GatewaysError(
            f"{fitted_on}: {usable} aligned resources are too few to fit on; {FEWEST} are needed"
        )
    generator = np.random.default_rng(seed)
    parts = draw_parts(aligner, resources, gold, parts=PARTS, size=SIZE, generator=generator)
    lists = [found for part in parts for found in _lists(part, gold, progress)]
    fitting = [found for found in lists if found.fits]
    features = np.concatenate([found.features for found in fitting])
    correct = np.concatenate([found.right for found in fitting])
    bias, score, log_share, log_rank, log_size = _logistic(features, correct)
    best = np.array(
        [[found.features[0, 0], found.nearest, found.features[0, 3]] for found in lists]
    )
    fits_bias, fits_best, fits_nearest, fits_log_size = _logistic(
        best, [found.fits for found in lists]
    )
    return Confidence(
        bias=bias,
        score=score,
        log_share=log_share,
        log_rank=log_rank,
        log_size=log_size,
        fits_bias=fits_bias,
        fits_best=fits_best,
        fits_nearest=fits_nearest,
        fits_log_size=fits_log_size,
        words_weight=aligner.words_weight,
        encoder=aligner.snapshot.manifest.encoder,
        fitted_on=fitted_on,
    )


def _logistic(features: Values, truths: Sequence[bool] | Truths) -> list[float]:
    """Bias and weights of a logistic regression on features [n, d]."""
    if all(truths):  # nothing that fits nothing to be had, so that only its usual share is known
        return [float(logit(1 - FOREIGN)), *np.zeros(features.shape[1])]
    spread = features.std(axis=0).clip(min=1e-9)
    model = LogisticRegression(C=10).fit(features / spread, truths)
    return [float(model.intercept_[0]), *(float(weight) for weight in model.coef_[0] / spread)]


@dataclass(frozen=True, slots=True)
class _List:
    """What the model sees of a list [k, 4], which places are right [k], whether anything fits.

    `nearest` is the highest cosine.
    """

    features: Values
    nearest: float
    right: Truths
    fits: bool


def _lists(
    part: Part, gold: Mapping[str, frozenset[str]], progress: Progress | None
) -> Iterator[_List]:
    here = {entry.outcome.id for entry in part.aligner.snapshot.entries}
    queries = [query_of(resource) for resource in part.resources]
    vectors = part.aligner.encode(queries, progress)
    for resource, query, vector in zip(part.resources, queries, vectors, strict=True):
        relevant = gold.get(resource.id, frozenset()) & here
        answer = part.aligner.rank(query, vector, k=RIVALS, explain=False)
        scores = np.array([found.score for found in answer.suggestions])
        right = np.array([found.outcome in relevant for found in answer.suggestions], dtype=bool)
        if len(scores):  # a resource without words has no list
            _, cosines = part.aligner.snapshot.outcomes.search(vector[None, :], 1)
            features = list_features(scores, len(here))
            yield _List(features, float(cosines[0, 0]), right, bool(relevant))
