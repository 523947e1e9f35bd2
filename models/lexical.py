"""BM25 over tokens that are right in every script, and pieces of words.

Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), as
implemented by bm25s (Lù 2024).
"""

import json
import logging
import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import regex

Scores = npt.NDArray[np.float32]
Places = npt.NDArray[np.integer]

PARAMETERS: Final = {"k1": 1.5, "b": 0.75, "delta": 0.5, "method": "lucene", "backend": "numpy"}
TOLD: Final = "params.index.json"
VOCABULARY: Final = "vocab.index.json"
ARRAYS: Final = ("data.csc.index.npy", "indices.csc.index.npy", "indptr.csc.index.npy")

# \w leaves out the vowel signs of Indic scripts and the points of Arabic and Hebrew. Joiners, as in
# Sinhala and Persian, and soft hyphens stand inside words.
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[\u00ad\u200c\u200d]+[\p{L}\p{M}\p{N}]+)*")
# Scripts that put no space between words, and Korean, which writes particles onto them: their runs
# are cut into pairs of characters.
_UNSPACED = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}ー\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}\p{Hangul}]+"
)
_CHARACTER = regex.compile(r"\X")
# Short vowels and other points are optional in Arabic and Hebrew writing, as joiners are, and the
# second point that case folding gives a Turkish İ; tatweel is ornament.
_OPTIONAL = regex.compile("[\u00ad\u0307\u0591-\u05c7\u0640\u064b-\u065f\u0670\u200c\u200d]")
# Article and its prefixes (Larkey et al., Light Stemming for Arabic Information Retrieval, 2007).
_ARABIC_PREFIX = regex.compile(r"^و?(?:[فبك]?ال|لل)(?=.{3})")


class _OneLetter(dict[int, int | str]):
    """For `str.translate`: one letter for those that are taken for one another.

    Writers of Arabic do so, and Persian and Urdu keyboards give others instead; digits of every
    script are one, too, which are looked up as they are met.
    """

    def __missing__(self, code: int) -> int | str:
        digit = unicodedata.decimal(chr(code), None)
        self[code] = code if digit is None else str(digit)
        return self[code]


_ONE_LETTER = _OneLetter(str.maketrans("أإآٱىةیکہھ", "اااايهيكهه"))
STEM_LENGTH = 6
# Accents of Latin, Greek and Cyrillic letters.
_ACCENT = regex.compile("[\u0300-\u036f]")
PIECE_LENGTH = 4
# Pieces of more documents than that, as of endings, say little, and are most of the work.
MOST_WITH_A_PIECE = 0.2
FEW_DOCUMENTS = 10
# Words this near to being in every document explain nothing.
COMMON = 0.35
# Shorter words of plain letters, *le*, *of*, stand in the midst of others everywhere.
FEWEST_LETTERS = 3
# Characters of a query that are looked up: what a book says later costs seconds and helps little.
QUERY_LENGTH = 20_000


def words(text: str) -> list[str]:
    """The words of a text in any script, in their order and as they are written.

    In scripts that put no space between words, and in Korean, these are the pairs of neighbouring
    characters.
    """
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text)):
        end = 0
        for run in _UNSPACED.finditer(word):
            found += [word[end : run.start()], *_pairs(run.group())]
            end = run.end()
        found.append(word[end:])
    return [word for word in found if word]


def tokens(text: str) -> list[str]:
    """Cut a text in any script into comparable tokens, the stems of its words."""
    return [stem for stem in map(stemmed, words(text)) if stem]


def pieces(word: str) -> list[str]:
    """The runs of four characters in a word, and at its ends, without accents.

    They are left of it by compounds, endings and vowel signs, by spellings, and often by
    translation: *fraction*, *fracción*. Character n-grams find more than words in most languages,
    those of four the most (McNamee & Mayfield 2004).
    """
    bare = _without_accents(folded(word))
    if not bare:
        return []
    padded = f" {bare} "
    starts = range(max(1, len(padded) - PIECE_LENGTH + 1))
    return [padded[start : start + PIECE_LENGTH] for start in starts]


def stemmed(word: str) -> str:
    """What spellings and endings of a word have in common; empty for a lone point or vowel sign.

    Words are cut after STEM_LENGTH letters, a stemmer that needs to know no language (McNamee &
    Mayfield, Character N-Gram Tokenization for European Language Text Retrieval, 2004).
    """
    spelled = folded(word)
    if spelled.isascii():
        return spelled[:STEM_LENGTH]
    return "".join(_CHARACTER.findall(spelled)[:STEM_LENGTH])


def spellings(text: str) -> dict[str, str]:
    """Each token of a query → how the query first spells it."""
    found: dict[str, str] = {}
    for word in words(text[:QUERY_LENGTH]):
        found.setdefault(stemmed(word), word)
    return found


def folded(word: str) -> str:
    """What spellings of a word have in common: one case, one letter for those taken for another."""
    lower = word.casefold()
    if lower.isascii():
        return lower
    return str(_ARABIC_PREFIX.sub("", _OPTIONAL.sub("", lower).translate(_ONE_LETTER)))


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    bare: str = _ACCENT.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare)


def terms(texts: Iterable[str]) -> Iterator[list[str]]:
    """What each text is looked up by: its tokens and, marked by a tilde, their words' pieces."""
    known: dict[str, list[str]] = {}
    for text in texts:
        found: list[str] = []
        for word in words(text):
            if word not in known:
                stem = stemmed(word)
                known[word] = [stem, *(f"~{piece}" for piece in pieces(word))] if stem else []
            found += known[word]
        yield found


def _telling(corpus: Sequence[list[str]]) -> list[list[str]]:
    """The terms of each text but for pieces that most texts have."""
    having = Counter(term for found in corpus for term in set(found) if term[0] == "~")
    most = max(FEW_DOCUMENTS, MOST_WITH_A_PIECE * len(corpus))
    return [[term for term in found if having[term] <= most] for found in corpus]


def _pairs(run: str) -> list[str]:
    letters = _CHARACTER.findall(run)
    return ["".join(pair) for pair in pairwise(letters)] or letters


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalIndex:
    """BM25 scores of every document for a query. Read-only, so safe to share.

    `vocabulary` numbers the tokens and pieces. What a document's having one of them, t, adds to its
    score is in `weights[starts[t]:starts[t + 1]]`, and which documents have it, in the same places
    of `documents`: a sparse matrix by columns.
    """

    size: int
    vocabulary: Mapping[str, int] = field(default_factory=dict)
    weights: Scores = field(default_factory=lambda: np.zeros(0, np.float32))
    documents: Places = field(default_factory=lambda: np.zeros(0, np.int32))
    starts: Places = field(default_factory=lambda: np.zeros(1, np.int64))

    @classmethod
    def build(cls, texts: Sequence[str]) -> "LexicalIndex":
        """Index documents; their rows are numbered in the order given."""
        import bm25s  # brings SciPy, which no server needs

        # It has set its logger to DEBUG.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        corpus = _telling(list(terms(texts)))
        if not any(corpus):
            return cls(size=len(texts))
        model = bm25s.BM25(**PARAMETERS)
        model.index(corpus, show_progress=False)
        return cls(
            size=len(texts),
            vocabulary=model.vocab_dict,
            weights=model.scores["data"],
            documents=model.scores["indices"],
            starts=model.scores["indptr"],
        )

    def scores(self, query: str) -> Scores:
        """BM25 score [n] of each document, 0 where no piece of a word is shared."""
        asked = Counter(*terms([query[:QUERY_LENGTH]]))
        places = {term: place for term in asked if (place := self.vocabulary.get(term)) is not None}
        if not places:
            return np.zeros(self.size, dtype=np.float32)
        its = [slice(self.starts[place], self.starts[place + 1]) for place in places.values()]
        documents = np.concatenate([self.documents[those] for those in its])
        weights = np.concatenate(
            [self.weights[those] * asked[term] for term, those in zip(places, its, strict=True)]
        )
        return np.bincount(documents, weights, self.size).astype(np.float32)

    def shared_words(
        self,
        query: Mapping[str, str],
        document: str,
        most: int = 5,
        among: npt.NDArray[np.bool_] | None = None,
        without: Collection[str] = (),
    ) -> tuple[str, ...]:
        """Words that a query (its `spellings`) has in common with an indexed document.

        The rarest come first. Left out are those in many documents: of all, or `among` some [n] to
        which this one belongs; of one language, they tell which words it has everywhere. So are
        those `without` which it is to be, as `folded` has them.
        """
        theirs = set(tokens(document))
        shared = [
            (self._rarity(token, among), token)
            for token, word in query.items()
            if token in theirs and folded(word) not in without
        ]
        rarest = sorted(shared, key=lambda found: -found[0])
        return tuple(query[token] for rarity, token in rarest[:most] if rarity > COMMON)

    def tells(self, query: str, ordinary: Sequence[npt.NDArray[np.bool_] | None]) -> bool:
        """Whether a word of a query tells something: it is neither short nor in many documents.

        It must be in few of each of the groups [n] in `ordinary`, None for all documents. One that
        no document has as it stands tells something, too, as it may be a part of a word.
        """
        return any(
            not (token.isascii() and len(token) < FEWEST_LETTERS)
            and all(self._rarity(token, among) > COMMON for among in ordinary)
            for token in tokens(query[:QUERY_LENGTH])
        )

    def save(self, folder: Path) -> None:
        """Write the index to a new folder, as bm25s has it."""
        folder.mkdir()
        if self.vocabulary:
            said = json.dumps(self.vocabulary, ensure_ascii=False)
            (folder / VOCABULARY).write_text(said, encoding="utf-8")
            told = {**PARAMETERS, "num_docs": self.size}
            (folder / TOLD).write_text(json.dumps(told), encoding="utf-8")
            for name, array in zip(
                ARRAYS, (self.weights, self.documents, self.starts), strict=True
            ):
                np.save(folder / name, array, allow_pickle=False)

    def _rarity(self, token: str, among: npt.NDArray[np.bool_] | None) -> float:
        """1 for a token of one document or of none, 0 for one of all."""
        size = self.size if among is None else int(among.sum())
        known = self.vocabulary.get(token)
        if size == 1 or known is None:
            return 1.0
        documents = self.documents[self.starts[known] : self.starts[known + 1]]
        having = len(documents) if among is None else int(among[documents].sum())
        return 1 - math.log(max(1, having)) / math.log(size)


def load_lexical(folder: Path, size: int) -> LexicalIndex:
    """Read an index of `size` documents that `save` wrote."""
    if not (folder / VOCABULARY).is_file():
        return LexicalIndex(size=size)
    weights, documents, starts = (np.load(folder / name, allow_pickle=False) for name in ARRAYS)
    return LexicalIndex(
        size=size,
        vocabulary=json.loads((folder / VOCABULARY).read_text(encoding="utf-8")),
        weights=weights,
        documents=documents,
        starts=starts,
    )
