"""Features → scores: a linear model and boosted trees, which agree by the mean of their log-odds.

There are two such judges. Where the subjects are those that were learned from, trees see what
depends on what. Elsewhere that is peculiar to the source that was learned from, and so is how far
neighbours' guesses are to be trusted: there each feature is judged by itself (a generalised
additive model: Lou, Caruana & Gehrke, Intelligible Models for Classification and Regression, KDD
2012), and guesses not at all. `training.second_stage.ranker` fits both.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from data.errors import GatewaysError
from data.records import Outcome
from models.ranking.boosted_trees import read_trees
from models.ranking.features import GROUPS, NAMES, Values
from models.ranking.known_names import folded
from models.ranking.logistic import read_logistic
from models.ranking.skops_file import Stored, read_skops
from models.safe_files import check_archive

Subject: TypeAlias = tuple[str, str | None]

# Of five: on held-out subjects and the sample better than none, than three, and than one judge.
SETTLED = 2

_COLUMNS: Final = {group: [NAMES.index(name) for name in names] for group, names in GROUPS.items()}


class Judge:
    """Scores candidates in log-odds. Read-only, so safe to share between threads."""

    def __init__(self, features: Sequence[str], linear: Stored, trees: Stored) -> None:
        """Take over two models of these features.

        Raises ValueError when they are none, or the features are gone.
        """
        if not set(features) <= set(NAMES):
            raise ValueError("it knows other features than this program; train it again")
        self._known = [NAMES.index(name) for name in features]
        try:
            self._linear, self._trees = read_logistic(linear), read_trees(trees)
            self.scores(np.zeros((1, len(NAMES)), dtype=np.float32))
        except Exception as error:
            raise ValueError(f"it holds what is no ranker: {error}") from None

    def scores(self, features: Values) -> Values:
        """Scores float32 [n] of candidates' features [n, len(NAMES)]."""
        if not len(features):
            return np.zeros(0, dtype=np.float32)
        seen = np.take(features, self._known, axis=1)
        both = self._linear.log_odds(seen) + self._trees.log_odds(seen)
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


class Ranker:
    """Two judges: one where it knows its way, one elsewhere. Read-only, as these are."""

    def __init__(self, packed: bytes) -> None:
        """Read what `training.second_stage.ranker` packed.

        An older one has one judge for all, and judges by the features that it learned from. Raises
        ValueError when it is no ranker, or of features that are gone.
        """
        try:
            said = read_skops(packed)
            parts = [said, said["elsewhere"]] if said.has("elsewhere") else [said]
            pairs = said["learned_from"] if said.has("learned_from") else ()
            learned_from = {(framework.plain, subject.plain) for framework, subject in pairs}
            taken = [
                ([name.plain for name in each["features"]], each["linear"], each["trees"])
                for each in parts
            ]
        except Exception as error:  # whatever a cut or foreign file makes of zip and JSON
            raise ValueError(f"it is damaged: {error}") from None
        judges = [Judge(*each) for each in taken]
        self.at_home, self.elsewhere = judges[0], judges[-1]
        self._learned_from = learned_from
        self.packed = packed

    @property
    def fingerprint(self) -> str:
        """The same for the same file; fitted again, it is another: skops writes ids of objects."""
        return hashlib.sha256(self.packed).hexdigest()[:8]

    def familiar(self, outcomes: Iterable[Outcome]) -> set[str]:
        """Their frameworks of which it learned from the subjects of half the outcomes or more."""
        known: defaultdict[str, list[bool]] = defaultdict(list)
        for outcome in outcomes:
            known[outcome.framework].append(subject_of(outcome) in self._learned_from)
        return {framework for framework, found in known.items() if 2 * sum(found) >= len(found)}

    def judge(self, *, familiar: bool, settled: int) -> Judge:
        """Who judges a query's candidates in a framework that is `familiar` or not.

        Where so many as SETTLED of the nearest resources were accepted for outcomes, what these say
        is known and not guessed, as it is at home.
        """
        return self.at_home if familiar or settled >= SETTLED else self.elsewhere


def subject_of(outcome: Outcome) -> Subject:
    """What a ranker knows whether it learned from: a framework, and a subject in it."""
    return outcome.framework, folded(outcome.subject)


def read_ranker(path: Path) -> Ranker:
    """The ranker in a file. Raises GatewaysError when it is not one, or of other features."""
    check_archive(path)
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
