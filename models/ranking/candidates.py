"""What retrieval hands to the second stage."""

from dataclasses import dataclass

from models.encoder import Matrix
from models.index import Rows
from models.ranking.fusion import Scores
from models.ranking.neighbours import Around


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Candidates of one framework, the best of `size` outcomes, by falling `scores` [n].

    `cosines` are those of the query, `meaning`, `words` and `shared` tell the similarity of the
    query, of the words, and of the neighbours (NaN without any) in deviations above an ordinary
    outcome. `guesses` [n, 2] are the candidates' shares of what the neighbours would be aligned to
    (`Vicinity.guesses`), and `around` is what else these say. `elsewhere` is how near the query is
    to what the framework is not about (`Background.nearness`).
    """

    rows: Rows
    scores: Scores
    cosines: Scores
    meaning: Scores
    words: Scores
    shared: Scores
    guesses: Matrix
    around: Around
    size: int
    elsewhere: float
