"""Resources with known answers → a ranker and the confidence that goes with it."""

from models.encoder import Encoder, Progress
from models.ranking.ranker import subject_of
from models.ranking.second_stage import SecondStage
from models.snapshots.snapshot import Snapshot
from training.labelled import Labelled
from training.second_stage.confidence import fit_confidence
from training.second_stage.lists import draw_lists
from training.second_stage.ranker import cross_fitted, fit_ranker


def fit_second_stage(
    snapshot: Snapshot,
    encoder: Encoder,
    labelled: Labelled,
    *,
    words_weight: float,
    fitted_on: str,
    seed: int = 0,
    progress: Progress | None = None,
) -> SecondStage:
    """Fit on labelled resources, none of which the encoder has learned from.

    The confidence is fitted to scores that rankers gave to outcomes which they had not learned
    from. Raises GatewaysError when there are too few to fit on.
    """
    taught = frozenset[str]().union(*labelled.gold.values())
    learned_from = {
        subject_of(entry.outcome) for entry in snapshot.entries if entry.outcome.id in taught
    }
    lists = draw_lists(
        snapshot, encoder, labelled, words_weight=words_weight, seed=seed, progress=progress
    )
    confidence = fit_confidence(
        lists,
        cross_fitted(lists, seed),
        words_weight=words_weight,
        encoder=encoder.name,
        fitted_on=fitted_on,
    )
    return SecondStage(confidence=confidence, ranker=fit_ranker(lists, learned_from, seed))
