"""What learners go on to: a model that predicts the next resource from what somebody did.

It tells what people do, not what helps them: `models.learner.recommender` is for that. Counted
signals come first (`continuation_signals`); boosted trees then say which of them to believe when.
They learn from later contacts than those that are counted, as it will be when the model is used:
what was counted over a contact itself would foretell it too well.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from data.records import Interaction, Resource
from models.learner.continuation_catalogue import Catalogue
from models.learner.continuation_counts import Counts, Trail, first_contacts, trail_of
from models.learner.continuation_relations import Rows, Values
from models.learner.continuation_signals import Signals, compared, signals, untuned
from models.ranking.one_thread import one_thread

# Features of candidates [c, …], which was chosen [c], and the part that each is in [c].
Case: TypeAlias = tuple[Signals, npt.NDArray[np.bool_], Rows]

CANDIDATES: Final = 150
"""The trees order so many resources, those that look best without them."""

CUTS: Final = (0.2, 0.4, 0.6, 0.8)
"""Quantiles of time: what comes between two of them is told from what was before the first."""

MOST: Final = 8_000
"""Contacts that trees learn from, drawn from all."""

ENOUGH: Final = 100
"""With fewer contacts to learn from there are no trees."""

PARTS: Final = 4
FITS: Final = 3
"""Of the candidates that nobody chose each of the fits learns from another one of the parts."""


class Continuation:
    """A fitted model. Read-only, so safe to share between threads."""

    def __init__(self, catalogue: Catalogue, counts: Counts, trees: Sequence[Any] = ()) -> None:
        self._catalogue = catalogue
        self._counts = counts
        self._trees = trees

    @property
    def is_tuned(self) -> bool:
        """Whether there was enough to learn from which signals to believe."""
        return bool(self._trees)

    def scores(self, history: Iterable[Interaction]) -> Values:
        """How likely each resource [n] is the next one after a history; more is likelier.

        The order is that of the resources that were fitted to. Those in the history have scores,
        too; others that it may name are passed over. Without a history it is what learners begin
        with, and what is opened lately.
        """
        trail = self.trail(history)
        if not len(trail.rows):
            return self._counts.begun + self._counts.lately
        return self.judged([(trail, self.signals(trail))])[0]

    def trail(self, history: Iterable[Interaction]) -> Trail:
        """What one learner did, as the model sees it."""
        return trail_of(first_contacts(history, self._catalogue.row), self._catalogue.row)

    def signals(self, trail: Trail) -> Signals:
        """What speaks for each resource [n, signals] after a trail that is not empty."""
        return signals(trail, self._counts, self._catalogue)

    def judged(self, asked: Sequence[tuple[Trail, Signals]]) -> list[Values]:
        """The scores [n] that follow from each trail's signals; many at once are quicker.

        They are log-odds of the candidates, and less for what is none.
        """
        scores = [untuned(found) for _, found in asked]
        if not self._trees or not asked:
            return scores
        candidates = [
            _candidates(own, trail) for own, (trail, _) in zip(scores, asked, strict=True)
        ]
        features = np.concatenate(
            [compared(found[rows]) for rows, (_, found) in zip(candidates, asked, strict=True)]
        )
        odds = self._odds(features) if len(features) else np.zeros(0)
        ends = np.cumsum([len(rows) for rows in candidates])
        parts = zip(scores, candidates, np.split(odds, ends[:-1]), strict=True)
        return [_with_odds(own, rows, odds_of) for own, rows, odds_of in parts]

    def _odds(self, features: Signals) -> Values:
        with one_thread():
            found = [each.decision_function(features) for each in self._trees]
        odds: Values = np.mean(found, axis=0)
        return odds


def fit_continuation(
    interactions: Iterable[Interaction],
    resources: Sequence[Resource],
    outcomes: Mapping[str, Collection[str]],
    seed: int = 0,
) -> Continuation:
    """Fit to what learners did with `resources`, which stand in the order of their catalogue.

    `outcomes` says by id what each is aligned to. Nothing has to be known: without interactions
    catalogue order and texts are left, without texts and outcomes what learners did. Raises
    ValueError where there are no resources.
    """
    if not resources:
        raise ValueError("there are no resources to go on to")
    catalogue = Catalogue(resources, outcomes)
    contacts = first_contacts(interactions, catalogue.row)
    cases = list(_cases(contacts, catalogue, np.random.default_rng(seed)))
    trees = _fitted(cases, seed) if len(cases) >= ENOUGH else ()
    return Continuation(catalogue, Counts(contacts, catalogue), trees)


def _cases(
    contacts: Sequence[Interaction], catalogue: Catalogue, generator: np.random.Generator
) -> Iterator[Case]:
    """What is to be learned from: candidates before contacts of which one is among them."""
    times = [one.time for one in contacts]
    # Each part begins with the first contact at its quantile, so that none is told from its equals.
    cuts = np.quantile(times or [0.0], CUTS)
    begins = [begin for cut in cuts if (begin := bisect_left(times, cut))]
    of_learner, place = _trails(contacts, catalogue)
    drawn = generator.random(len(times)) < MOST / max(1, sum(map(bool, place)))
    for begin, end in pairwise([*begins, len(times)]):
        counts = Counts(contacts[:begin], catalogue)
        for number in range(begin, end):
            if drawn[number] and place[number]:
                trail = of_learner[contacts[number].learner]
                before = trail.before(place[number])
                found = signals(before, counts, catalogue)
                candidates = _candidates(untuned(found), before)
                chosen = candidates == trail.rows[place[number]]
                if chosen.any():
                    part = generator.integers(PARTS, size=len(chosen))
                    kept = chosen | (part < FITS)
                    yield compared(found[candidates])[kept], chosen[kept], part[kept]


def _trails(
    contacts: Sequence[Interaction], catalogue: Catalogue
) -> tuple[dict[str, Trail], list[int]]:
    """Each learner's whole trail, and where in it each contact is."""
    of_learner: defaultdict[str, list[Interaction]] = defaultdict(list)
    place = []
    for one in contacts:
        place.append(len(of_learner[one.learner]))
        of_learner[one.learner].append(one)
    return {who: trail_of(each, catalogue.row) for who, each in of_learner.items()}, place


def _candidates(scores: Values, trail: Trail) -> Rows:
    """Rows of the CANDIDATES with the highest scores that are not in the trail."""
    best = np.argsort(-scores, kind="stable")[: CANDIDATES + len(trail.rows)]
    candidates: Rows = best[~np.isin(best, trail.rows)][:CANDIDATES]
    return candidates


def _with_odds(scores: Values, rows: Rows, odds: Values) -> Values:
    """Put odds in place of the scores of some rows, and the others after them in their order."""
    found: Values = scores - scores.max() + odds.min(initial=0) - 1
    found[rows] = odds
    return found


def _fitted(cases: Sequence[Case], seed: int) -> list[Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    features, chosen, part = (np.concatenate(each) for each in zip(*cases, strict=True))
    fits = []
    for number in range(FITS):
        kept = chosen | (part == number)
        own = features[kept]
        # What is missing everywhere cannot be put into bins; a constant teaches nothing.
        own[:, np.isnan(own).all(axis=0)] = 0
        trees = HistGradientBoostingClassifier(
            learning_rate=0.08,
            max_iter=120,
            max_leaf_nodes=31,
            min_samples_leaf=100,
            l2_regularization=10.0,
            random_state=seed,
            early_stopping=False,
        )
        with one_thread():
            fits.append(trees.fit(own, chosen[kept]))
    return fits
