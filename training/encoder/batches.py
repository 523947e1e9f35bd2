"""Which outcomes stand in a batch: neighbours, since only look-alikes teach the difference.

What every batch needs anyway is a hard negative of the others then (Xiong et al., Approximate
Nearest Neighbor Negative Contrastive Learning, ICLR 2021).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.encoder import Matrix
from training.encoder.examples import Examples

Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Outcomes that a batch draws together, and from how many nearest the others of them are drawn. On
# Oak's dev split groups of 4 were better than of 1 by .022 MRR after 105 steps.
GROUP = 4
NEAREST = 24
# Two outcomes this near one another are versions of one: neither is a negative of the other's.
SAME = 0.985


def draw_batch(
    examples: Examples, nearest: Places, size: int, generator: np.random.Generator
) -> list[int]:
    """Places [size] of different outcomes: some at random, each with neighbours of its own.

    An outcome is drawn by the square root of its resources, so that few large ones do not fill the
    batches.
    """
    weights = np.sqrt([len(found) for found in examples.resources])
    weights /= weights.sum()
    size = min(size, len(examples.entries))
    chosen: dict[int, None] = {}
    while len(chosen) < size:
        first = int(generator.choice(len(weights), p=weights))
        others = generator.permutation(nearest[first])[: GROUP - 1]
        for place in (first, *map(int, others)):
            if len(chosen) < size:
                chosen[place] = None
    return list(chosen)


def nearest_to(vectors: Matrix) -> Places:
    """The NEAREST other outcomes [n, m] of each, by their unit vectors [n, d]."""
    similarities = vectors @ vectors.T
    np.fill_diagonal(similarities, -1)
    found: Places = np.argsort(-similarities, axis=1)[:, : min(NEAREST, len(vectors) - 1)]
    return found


def same_outcomes(vectors: Matrix) -> Mask:
    """Whether two outcomes [n, n] say the same, by vectors that were not trained to part them."""
    same: Mask = vectors @ vectors.T > SAME
    return same


def not_negative(examples: Examples, resources: Sequence[str], same: Mask) -> Mask:
    """Outcomes [b, n] that are right for each resource, or say the same as one that is."""
    mask = np.zeros((len(resources), len(examples.entries)), dtype=bool)
    for row, resource in enumerate(resources):
        mask[row] = same[sorted(examples.places[resource])].any(axis=0)
    return mask
