"""How many suggestions to show: the set with the highest expected F2.

Among sets with something in them, confidences are taken as independent. Then the best set of each
size is the most confident one, and its expectation is a sum over the numbers of hits inside and
outside it (Ye, Chai, Lee & Chieu, Optimizing F-measure: A Tale of Two Approaches, ICML 2012).
Independence would misjudge the chance that nothing fits, since outcomes of one framework exclude
each other more than they go together; that chance is given.
"""

import numpy as np
import numpy.typing as npt

Probabilities = npt.NDArray[np.float64]

BETA2 = 4.0
# What is less likely than this changes no expectation that a reader would notice.
NEGLIGIBLE = 1e-3
MOST = 50


def how_many(confidences: Probabilities, fits: float) -> int:
    """Size of the set to show, from confidences [n] in descending order; 0 is an answer too.

    `fits` is the probability that anything fits. Showing nothing counts 1 when nothing does, and 0
    otherwise.
    """
    likely = confidences[confidences > NEGLIGIBLE][:MOST]
    if not len(likely):
        return 0
    hits = _running_counts(likely)
    misses = _running_counts(likely[::-1])[::-1]
    expected = [
        float(hits[size] @ _f2(size, len(hits[size]), len(misses[size])) @ misses[size])
        for size in range(1, len(likely) + 1)
    ]
    best = int(np.argmax(expected))
    fits_if_independent = 1 - float(misses[0][0])
    if 1 - fits > fits * expected[best] / fits_if_independent:
        return 0
    return best + 1


def _f2(size: int, hits: int, misses: int) -> Probabilities:
    """F2 [hits, misses] of a set of `size` for each number of hits and of missed outcomes."""
    hit = np.arange(hits, dtype=float)[:, None]
    missed = np.arange(misses, dtype=float)[None, :]
    values: Probabilities = (1 + BETA2) * hit / (BETA2 * (hit + missed) + size)
    return values


def _running_counts(probabilities: Probabilities) -> list[Probabilities]:
    """Distribution of the number of true ones among the first 0, 1, … n independent events."""
    counts = [np.ones(1)]
    for probability in probabilities:
        counts.append(np.convolve(counts[-1], [1 - probability, probability]))
    return counts
