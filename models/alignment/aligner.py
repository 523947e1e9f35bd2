"""Composes encoder, retrieval, ranker, confidence and selection: query → suggestions."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, repeat

import numpy as np

from data.records import Outcome
from models.alignment.abstaining import NOTHING_CLOSE, nothing_allowed, refusal
from models.alignment.examiner import Examined, Examiner, situation, word_count
from models.alignment.facets import Facets
from models.alignment.reasons import Evidence, reasons
from models.alignment.retrieval import FEWEST, Retrieval
from models.alignment.selection import how_many
from models.alignment.transfer import joined, odds
from models.encoder import Encoder, Matrix, Progress
from models.entry import Entry
from models.function_words import function_words
from models.index import Mask, Rows
from models.lexical import spellings
from models.ranking.confidence import Situation
from models.ranking.fusion import Scores
from models.ranking.ranker import Judge
from models.snapshots.snapshot import Snapshot
from models.suggestion import (
    Answer,
    Carried,
    Filters,
    Query,
    Reason,
    Suggestion,
)
from models.text import outcome_text

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """One framework's candidates [n] by falling scores, for what was `asked`.

    `examined` tells what the `judge` saw of them, in the order of `places`.
    """

    rows: Rows
    scores: Scores
    cosines: Scores
    asked: Situation
    judge: Judge | None = None
    examined: Examined | None = None
    places: Rows | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposed:
    ranked: _Ranked
    place: int
    score: float
    confidence: float
    selected: bool
    moved: float


class Aligner:
    """Suggests outcomes of one snapshot. Read-only, so safe to share between threads."""

    def __init__(
        self, snapshot: Snapshot, encoder: Encoder, words_weight: float | None = None
    ) -> None:
        """Answer from a snapshot; `words_weight` is by default what its confidence is fitted to."""
        self.snapshot = snapshot
        self.encoder = encoder
        if words_weight is None:
            words_weight = snapshot.confidence.words_weight
        self.words_weight = words_weight
        self._rows = {entry.outcome.id: row for row, entry in enumerate(snapshot.entries)}
        self._facets = Facets(snapshot.entries)
        self._ranker = snapshot.ranker
        outcomes = (entry.outcome for entry in snapshot.entries)
        self._familiar = self._ranker.familiar(outcomes) if self._ranker else set()
        self._retrieval = Retrieval(snapshot, self._facets.frameworks, words_weight)
        self._examiner = Examiner(snapshot, self._retrieval) if self._ranker else None

    @property
    def fingerprint(self) -> str:
        """Names all that turns a text into a confidence."""
        ranker = self._ranker.fingerprint if self._ranker else "fusion"
        return f"{self.encoder.fingerprint}-{ranker}"

    def entry(self, outcome: str) -> Entry:
        """An outcome of the snapshot with its path. Raises KeyError for any other id."""
        return self.snapshot.entries[self._rows[outcome]]

    def found(self, outcome: str) -> Entry | None:
        """The same, or None for an outcome that the snapshot does not have."""
        return self.entry(outcome) if outcome in self._rows else None

    def saying(
        self,
        text: str,
        filters: Filters,
        without: Collection[str],
        most: int,
        *,
        fits: bool = False,
    ) -> list[Entry]:
        """Outcomes whose code begins with the text or whose title has it, in order of the trees.

        What a title has counts where something `fits` the text, or a word of it tells something as
        «the» does not.
        """
        wanted = text.strip().casefold()
        in_titles = fits or self._tells(wanted)
        allowed = self._facets.mask(filters)
        found = (
            entry
            for row, entry in enumerate(self.snapshot.entries)
            if allowed[row]
            and entry.outcome.id not in without
            and _says(entry.outcome, wanted, in_titles)
        )
        return list(islice(found, most)) if wanted else []

    def _tells(self, text: str) -> bool:
        """Whether a word of a text tells something in each framework."""
        ordinary = [self._ordinary_of(framework) for framework in self._facets.frameworks]
        return self.snapshot.lexical.tells(text, ordinary)

    def encode(self, queries: Sequence[Query], progress: Progress | None = None) -> Matrix:
        """Vectors [n, dimension] of the queries' texts."""
        return self.encoder.encode([query.text for query in queries], progress)

    def rank(
        self,
        query: Query,
        vector: Matrix,
        *,
        filters: Filters = NO_FILTERS,
        k: int = 10,
        without: Collection[str] = (),
        explain: bool = True,
    ) -> Answer:
        """The `k` best outcomes for a query and its vector [dimension], or why there are none.

        Ordered by confidence; which are selected to be shown is each framework's own choice.
        Outcomes in `without` are left out. `explain` adds the reasons.
        """
        if (refused := refusal(query, self.encoder)) is not None:
            return Answer(suggestions=(), abstained=refused)
        allowed = self._facets.mask(filters)
        barred = frozenset(self._rows[outcome] for outcome in without if outcome in self._rows)
        if allowed.sum() <= sum(bool(allowed[row]) for row in barred):
            return Answer(suggestions=(), abstained=nothing_allowed(filters))
        carried = {
            self._rows[one.outcome]: one for one in query.carried if one.outcome in self._rows
        }
        proposed = [
            found
            for ranked in self._ranked(query, vector, allowed, carried)
            for found in self._proposed(ranked, k, barred, carried)
        ]
        proposed.sort(key=lambda found: (-found.confidence, -found.score))
        chosen = proposed[:k]
        told = self._told(query, chosen, carried) if explain else repeat(())
        suggestions = tuple(
            self._suggestion(found, rank, why)
            for rank, (found, why) in enumerate(zip(chosen, told, strict=False), start=1)
        )
        any_selected = any(found.selected for found in proposed)
        return Answer(suggestions=suggestions, abstained=None if any_selected else NOTHING_CLOSE)

    def _ranked(
        self, query: Query, vector: Matrix, allowed: Mask, also: Collection[int]
    ) -> Iterator[_Ranked]:
        if self._ranker is None or self._examiner is None:
            words = word_count(query)
            for found in self._retrieval.candidates(query.text, vector, allowed, also=also):
                yield _Ranked(
                    rows=found.rows,
                    scores=found.scores,
                    cosines=found.cosines,
                    asked=situation(found, words),
                )
            return
        for examined in self._examiner.examine(query, vector, allowed, also):
            found = examined.candidates
            framework = self.snapshot.entries[found.rows[0]].outcome.framework
            judge = self._ranker.judge(
                familiar=framework in self._familiar, settled=found.around.settled
            )
            scores = judge.scores(examined.features)
            order = np.argsort(-scores, kind="stable")
            yield _Ranked(
                rows=found.rows[order],
                scores=scores[order],
                cosines=found.cosines[order],
                asked=examined.asked,
                judge=judge,
                examined=examined,
                places=order,
            )

    def _proposed(
        self, ranked: _Ranked, k: int, barred: Collection[int], carried: Mapping[int, Carried]
    ) -> Iterator[_Proposed]:
        """The `k` best of one framework, with confidences and the choice of how many to show.

        `barred` rows are left out last, so that they move no other's confidence.
        """
        model, rows = self.snapshot.confidence, ranked.rows.tolist()
        judged = confidences = model.of(ranked.scores, ranked.asked)
        fits = model.fits(float(ranked.scores[0]), ranked.asked)
        brought = np.array([carried[row].confidence if row in carried else 0.0 for row in rows])
        if brought.any():
            confidences, fits = joined(judged, brought)
        moved = odds(confidences) - odds(judged)
        order = np.argsort(-confidences, kind="stable").tolist()
        open_ = [place for place in order if rows[place] not in barred]
        shown = how_many(confidences[open_], fits)
        for number, place in enumerate(open_[:k]):
            yield _Proposed(
                ranked=ranked,
                place=place,
                score=float(ranked.scores[place]),
                confidence=float(confidences[place]),
                selected=number < shown,
                moved=float(moved[place]),
            )

    def _suggestion(self, found: _Proposed, rank: int, why: tuple[Reason, ...]) -> Suggestion:
        entry = self.snapshot.entries[found.ranked.rows[found.place]]
        return Suggestion(
            outcome=entry.outcome.id,
            rank=rank,
            score=found.score,
            confidence=found.confidence,
            selected=found.selected,
            reasons=why,
        )

    def _told(
        self, query: Query, chosen: Sequence[_Proposed], carried: Mapping[int, Carried]
    ) -> Iterator[tuple[Reason, ...]]:
        """The reasons for each that was chosen."""
        asked = spellings(query.text)
        moved = self._moved(chosen)
        of = cache(self._ordinary_of)
        for found in chosen:
            ranked, row = found.ranked, int(found.ranked.rows[found.place])
            entry = self.snapshot.entries[row]
            text = outcome_text(entry.outcome, entry.path)
            yield reasons(
                Evidence(
                    meaning=float(ranked.cosines[found.place]),
                    words=self.snapshot.lexical.shared_words(
                        asked,
                        text,
                        among=of(entry.outcome.framework),
                        without=function_words((query.language, entry.outcome.language)),
                    ),
                    accepted=ranked.examined.vicinity.accepted_for(row) if ranked.examined else (),
                    moved=moved.get((id(ranked), found.place), {}) | {"crosswalk": found.moved},
                    origins=carried[row].by if row in carried else (),
                )
            )

    def _ordinary_of(self, framework: str) -> Mask | None:
        """The rows [n] that tell which words say little in a framework; None for all rows."""
        if len(self._facets.frameworks[framework]) < FEWEST:
            return None
        return self._facets.mask(Filters(frameworks=(framework,)))

    def _moved(self, chosen: Sequence[_Proposed]) -> dict[tuple[int, int], dict[str, float]]:
        """What moved each that was chosen, by its list and place; a list is asked for once."""
        moved: dict[tuple[int, int], dict[str, float]] = {}
        for ranked in {id(found.ranked): found.ranked for found in chosen}.values():
            if ranked.judge is None or ranked.examined is None or ranked.places is None:
                continue
            own = [found.place for found in chosen if found.ranked is ranked]
            groups = ranked.judge.moved(ranked.examined.features, ranked.places[own].tolist())
            moved |= {(id(ranked), place): group for place, group in zip(own, groups, strict=True)}
        return moved


def _says(outcome: Outcome, wanted: str, in_titles: bool) -> bool:
    code = (outcome.code or "").casefold()
    return code.startswith(wanted) or (in_titles and wanted in outcome.title.casefold())
