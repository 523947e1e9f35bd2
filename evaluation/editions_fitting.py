"""The numbers that tell how likely two outcomes are the same, fitted on editions that were edited.

What is fitted is written into `models/edition/likelihood.py` and `parts.py` by hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from data.formats.protocol import Document
from data.progress import Progress
from data.settings import Settings
from evaluation.edited import Edited, edited
from evaluation.editions import encoder_of, trees, vectors_of
from models.edition.candidates import NAMES, pairs_of
from models.edition.change import Kind
from models.edition.likelihood import LEAST, MOST, likelihoods, logits, shared_out
from models.edition.parts import parted
from models.edition.side import rarity, side_of

Examples = tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]

_ONE_TO_ONE = {Kind.UNCHANGED, Kind.MOVED, Kind.REWORDED}
PENALTY = 1.0


def fitted(
    documents: Sequence[Document], settings: Settings, progress: Progress, *, seeds: Sequence[int]
) -> dict[str, Any]:
    """Weights of the features and of a whole's parts, and what makes the shares honest.

    The shares are of the weights as they are, so that these are fitted first.
    """
    examples = [
        one for document in documents for one in _examples(document, settings, progress, seeds)
    ]
    names = ("pairs", "shares", "parts")
    return {name: _logistic(examples, place) for place, name in enumerate(names)}


def _examples(
    document: Document, settings: Settings, progress: Progress, seeds: Sequence[int]
) -> Iterator[tuple[Examples, Examples, Examples]]:
    frameworks = trees(document)
    encoder = encoder_of(frameworks, settings)
    with progress("Looking at editions", len(frameworks) * len(seeds)) as advance:
        for tree in frameworks.values():
            for edition in (edited(tree, seed) for seed in seeds):
                yield _looked_at(edition, *vectors_of(edition, encoder))
                advance(1)


def _looked_at(edition: Edited, *vectors: Any) -> tuple[Examples, Examples, Examples]:
    old, new = side_of(edition.old, vectors[0]), side_of(edition.new, vectors[1])
    weights = rarity(old, new)
    pairs = pairs_of(old, new, weights)
    _, features = likelihoods(old, new, pairs)
    same = {
        (old.rows[fate.old[0]], new.rows[fate.new[0]])
        for fate in edition.fates
        if fate.kind in _ONE_TO_ONE
    }
    rows = zip(pairs.old.tolist(), pairs.new.tolist(), strict=True)
    right = np.array([pair in same for pair in rows])
    shares = logit(np.clip(shared_out(pairs, logits(features)), LEAST, MOST))[:, None]
    splits = {
        (old.rows[fate.old[0]], tuple(sorted(new.rows[name] for name in fate.new)))
        for fate in edition.fates
        if fate.kind is Kind.SPLIT
    }
    texts = features[:, NAMES.index("text")] == 1
    settled = (frozenset(pairs.old[texts].tolist()), frozenset(pairs.new[texts].tolist()))
    found = list(parted(old, new, pairs, weights, settled))
    told = np.array([one.told for one in found]).reshape(len(found), -1)
    whole = np.array([(one.whole, one.parts) in splits for one in found], dtype=bool)
    return (features, right), (shares, right), (told, whole)


def _logistic(examples: Sequence[Sequence[Examples]], place: int) -> Mapping[str, Any]:
    there = [one[place] for one in examples if len(one[place][1])]
    features = np.concatenate([one[0] for one in there])
    right = np.concatenate([one[1] for one in there])
    model = LogisticRegression(C=PENALTY, max_iter=1000).fit(features, right)
    return {
        "weights": [round(float(one), 2) for one in model.coef_[0]],
        "bias": round(float(model.intercept_[0]), 2),
        "examples": len(right),
        "right": int(right.sum()),
    }
