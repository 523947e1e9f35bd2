"""Similarity of meaning and of words → one score.

Each is told in deviations from the framework's ordinary outcomes, then they are added, which keeps
more than fusing ranks does (Bruch, Gai & Ingber, An Analysis of Fusion Functions for Hybrid
Retrieval, ACM TOIS 2023). So a score means the same for every encoder and for every framework,
whatever its size.
"""

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

# The deviation of sparse word scores grows with the framework; beyond this it says nothing more.
MOST_WORDS = 10.0
# Chance matches in a foreign language are rare, so that they would stand out: they count for what
# they are against the best match anywhere.
LEAST_SPREAD = 0.05


def meaning_score(similarities: Scores, ordinary: Scores, least: float = 0) -> Scores:
    """Similarities [n] in robust deviations above the median of ordinary ones [m].

    Median and median deviation, unlike mean and standard deviation, are not moved by the outcomes
    that fit, of which a small framework has many for its size. A deviation below `least` is taken
    for that; 0 where all ordinary ones agree.
    """
    if not len(ordinary):
        return np.zeros_like(similarities)
    spread = deviation(ordinary)
    if spread < 1e-6:
        return np.zeros_like(similarities)
    values: Scores = (similarities - np.median(ordinary)) / max(spread, least)
    return values


def deviation(ordinary: Scores) -> float:
    """The robust deviation of ordinary similarities [m], m > 0, as of a normal one."""
    return 1.4826 * float(np.median(np.abs(ordinary - np.median(ordinary))))


def words_score(scores: Scores, ordinary: Scores, best: float) -> Scores:
    """BM25 scores [n] in standard deviations above the mean of ordinary ones [m].

    `best` is the highest BM25 score in any framework.
    """
    spread = max(float(ordinary.std()), LEAST_SPREAD * best) if len(ordinary) else 0.0
    if spread < 1e-6:
        return np.zeros_like(scores)
    values: Scores = np.minimum((scores - ordinary.mean()) / spread, MOST_WORDS)
    return values


def fused(meaning: Scores, words: Scores, words_weight: float) -> Scores:
    """Weighted sum [n] of two scores [n]."""
    values: Scores = (1 - words_weight) * meaning + words_weight * words
    return values
