"""What makes the shares of pairs honest, fitted on editions that were edited.

What is fitted is written into `models/edition/likelihood.py` by hand. The weights of the features
are not fitted: edits that only shuffle words would teach that meaning says nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from data.formats.protocol import Document
from data.progress import Progress
from data.settings import Settings
from evaluation.editions.edited import Edited, edited
from evaluation.editions.protocol import trees, vectors_of
from models.edition.candidates import NAMES, pairs_of
from models.edition.change import Kind
from models.edition.compare import compare
from models.edition.likelihood import LEAST, MOST, NOTHING, likelihoods, logits, shared_out
from models.edition.side import rarity, side_of
from models.encoder import Encoder
from models.log_odds import expit, logit
from models.snapshots.open import open_encoder

Cases = tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]
"""Shares, and whether each is of what is so."""

PENALTY = 1.0

_ONE_TO_ONE = {Kind.UNCHANGED, Kind.MOVED, Kind.REWORDED}


def fitted(
    documents: Sequence[Document], settings: Settings, progress: Progress, *, seeds: Sequence[int]
) -> dict[str, Any]:
    """Slope and intercept of the log-odds, and how many cases they are fitted on.

    Of pairs of the same text, of others, and of what is told to have no counterpart, which takes
    the pairs' numbers as they are; None where all or none of them are right.
    """
    found = [
        one for document in documents for one in _examples(document, settings, progress, seeds)
    ]
    return {name: _platt([one[name] for one in found]) for name in found[0]}


def _examples(
    document: Document, settings: Settings, progress: Progress, seeds: Sequence[int]
) -> Iterator[Mapping[str, Cases]]:
    frameworks = trees(document)
    encoder = open_encoder(settings)
    with progress("Looking at editions", len(frameworks) * len(seeds)) as advance:
        for tree in frameworks.values():
            for edition in (edited(tree, seed) for seed in seeds):
                yield _looked_at(edition, encoder)
                advance(1)


def _looked_at(edition: Edited, encoder: Encoder) -> Mapping[str, Cases]:
    vectors = vectors_of(edition, encoder)
    old, new = side_of(edition.old, vectors[0]), side_of(edition.new, vectors[1])
    pairs = pairs_of(old, new, rarity(old, new))
    _, features = likelihoods(old, new, pairs)
    true = {
        (old.rows[fate.old[0]], new.rows[fate.new[0]])
        for fate in edition.fates
        if fate.kind in _ONE_TO_ONE
    }
    rows = zip(pairs.old.tolist(), pairs.new.tolist(), strict=True)
    right = np.array([pair in true for pair in rows])
    shares = shared_out(pairs, logits(features))
    same = features[:, NAMES.index("text")] == 1
    fates = {(fate.kind, fate.old, fate.new) for fate in edition.fates}
    alone = [
        one
        for one in compare(edition.old, edition.new, vectors)
        if one.kind in {Kind.GONE, Kind.NEW}
    ]
    return {
        "same": (shares[same], right[same]),
        "other": (shares[~same], right[~same]),
        "nothing": (
            _uncalibrated(np.array([one.confidence for one in alone])),
            np.array([(one.kind, one.old, one.new) in fates for one in alone], dtype=bool),
        ),
    }


def _uncalibrated(likely: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """That there is no counterpart, before it was made honest."""
    slope, intercept = NOTHING
    shares: npt.NDArray[np.float64] = expit(
        (logit(np.clip(likely, LEAST, MOST)) - intercept) / slope
    )
    return shares


def _platt(cases: Sequence[Cases]) -> Mapping[str, Any] | None:
    shares, right = (np.concatenate(parts) for parts in zip(*cases, strict=True))
    if len(set(right.tolist())) < 2:  # nothing to tell right from wrong by
        return None
    odds = logit(np.clip(shares, LEAST, MOST))[:, None]
    model = LogisticRegression(C=PENALTY).fit(odds, right)
    return {
        "slope": round(float(model.coef_[0][0]), 2),
        "intercept": round(float(model.intercept_[0]), 2),
        "cases": len(right),
        "right": int(right.sum()),
    }
