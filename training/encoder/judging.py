"""How well resources find what they teach, while something is being trained."""

from collections.abc import Sequence

import numpy as np

from evaluation.measures.metrics import ranking
from models.encoder import Matrix
from training.labelled import Labelled


def reciprocal_rank(
    labelled: Labelled, similarities: Matrix, ids: Sequence[str], most: int | None = None
) -> float:
    """Mean reciprocal rank of the right outcomes; `similarities` [resources, ids].

    What is ranked below `most` counts as not found.
    """
    ranked = {
        resource.id: [ids[place] for place in np.argsort(-row)[:most]]
        for resource, row in zip(labelled.resources, similarities, strict=True)
    }
    gold = {resource.id: labelled.gold[resource.id] for resource in labelled.resources}
    return float(ranking(ranked, gold)["mrr"].mean())
