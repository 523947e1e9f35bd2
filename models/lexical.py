"""BM25 over tokens that are right in every script.

Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), as
implemented by bm25s (Lù 2024).
"""

import logging
import math
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
import regex

Scores = npt.NDArray[np.float32]

# bm25s sets its own logger to DEBUG when it is imported.
logging.getLogger("bm25s").setLevel(logging.WARNING)

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
# One letter for those that writers of Arabic take for one another, or that Persian and Urdu
# keyboards give instead; digits of every script are one, too.
_ONE_LETTER = str.maketrans("أإآٱىةیکہھ", "اااايهيكهه") | {
    code: str(unicodedata.decimal(chr(code)))
    for code in range(0x80, sys.maxunicode + 1)
    if unicodedata.category(chr(code)) == "Nd"
}
STEM_LENGTH = 6
# Words this near to being in every document explain nothing.
COMMON = 0.35
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


def stemmed(word: str) -> str:
    """What spellings and endings of a word have in common; empty for a lone point or vowel sign.

    Words are cut after STEM_LENGTH letters, a stemmer that needs to know no language (McNamee &
    Mayfield, Character N-Gram Tokenization for European Language Text Retrieval, 2004).
    """
    folded = word.casefold()
    if folded.isascii():
        return folded[:STEM_LENGTH]
    folded = _ARABIC_PREFIX.sub("", _OPTIONAL.sub("", folded).translate(_ONE_LETTER))
    return "".join(_CHARACTER.findall(folded)[:STEM_LENGTH])


def spellings(text: str) -> dict[str, str]:
    """Each token of a query → how the query first spells it."""
    found: dict[str, str] = {}
    for word in words(text[:QUERY_LENGTH]):
        found.setdefault(stemmed(word), word)
    return found


def _pairs(run: str) -> list[str]:
    letters = _CHARACTER.findall(run)
    return ["".join(pair) for pair in pairwise(letters)] or letters


class LexicalIndex:
    """BM25 scores of every document for a query. Read-only, so safe to share."""

    def __init__(self, model: bm25s.BM25, size: int) -> None:
        self._model = model
        self._size = size

    @classmethod
    def build(cls, texts: Sequence[str]) -> "LexicalIndex":
        """Index documents; their rows are numbered in the order given."""
        corpus = [tokens(text) for text in texts]
        model = bm25s.BM25()
        if any(corpus):
            model.index(corpus, show_progress=False)
        return cls(model, len(texts))

    def scores(self, query: str) -> Scores:
        """BM25 score [n] of each document, 0 where no token is shared."""
        known = self._known(tokens(query[:QUERY_LENGTH]))
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        found: Scores = self._model.get_scores_from_ids(known)
        return found

    def shared_words(
        self, query: Mapping[str, str], document: str, most: int = 5
    ) -> tuple[str, ...]:
        """Words that a query (its `spellings`) has in common with an indexed document.

        The rarest in this index come first; those in most documents are left out.
        """
        theirs = set(tokens(document))
        shared = [(self._rarity(token), token) for token in query if token in theirs]
        rarest = sorted(shared, key=lambda found: -found[0])
        return tuple(query[token] for rarity, token in rarest[:most] if rarity > COMMON)

    def save(self, folder: Path) -> None:
        """Write the index to a new folder."""
        folder.mkdir()
        if self._has_words:
            self._model.save(folder, show_progress=False)

    @property
    def _has_words(self) -> bool:
        return hasattr(self._model, "vocab_dict")

    def _known(self, found: list[str]) -> list[int]:
        return self._model.get_tokens_ids(found) if self._has_words else []

    def _rarity(self, token: str) -> float:
        """1 for a token of one document, 0 for one of all."""
        if self._size == 1:
            return 1.0
        starts = self._model.scores["indptr"]
        known = self._model.vocab_dict[token]
        return 1 - math.log(int(starts[known + 1] - starts[known])) / math.log(self._size)


def load_lexical(folder: Path, size: int) -> LexicalIndex:
    """Read an index of `size` documents that `save` wrote."""
    has_words = folder.is_dir() and any(folder.iterdir())
    model = bm25s.BM25.load(folder, show_progress=False) if has_words else bm25s.BM25()
    return LexicalIndex(model, size)
