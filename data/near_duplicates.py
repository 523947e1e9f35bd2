"""Texts that are all but the same, and the families that they make.

Two texts are near-duplicates if their sets of shingles, five characters in a row, have a Jaccard
similarity of at least .8 (Broder, «On the resemblance and containment of documents», 1997). None is
missed: two such texts share some of their rarest shingles, so only texts that do are compared
(prefix filtering; Bayardo, Ma and Srikant, «Scaling up all pairs similarity search», 2007; with
more than one of them, Wang, Li and Feng, «Can we beat the prefix filtering?», 2012).
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import regex
from scipy.sparse import csr_array, triu
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer

Rows: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]

ALIKE = (4, 5)  # a fraction, since .8 has no exact float
SHINGLE = 5  # characters
# Of a text's shingles, as many must be shared among its rarest: where the same words come in many
# texts, one is no sign, and most of the time went to comparing what is not alike.
SHARED = 8
BLOCK = 2_000  # texts compared with all others at a time: memory stays bounded
_WORDS = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def families(texts: Mapping[str, str], equals: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """Id → name of its family: near-duplicates, and what they are near-duplicates of in turn.

    Two ids that are known to be `equals` are of one family, whatever their texts. A family is
    called by the smallest id in it, so a text without near-duplicates by its own.
    """
    plain = {id_: normalised(texts[id_]) for id_ in sorted(texts)}
    distinct = sorted(set(plain.values()))
    if not distinct:
        return {}
    row = {text: number for number, text in enumerate(distinct)}
    known = [(row[plain[a]], row[plain[b]]) for a, b in equals if a in plain and b in plain]
    first, second = np.column_stack(
        [near_duplicates(distinct), np.array(known, dtype=np.int64).reshape(-1, 2).T]
    )
    joined = csr_array((np.ones(len(first)), (first, second)), shape=(len(distinct),) * 2)
    _, label = connected_components(joined, directed=False)
    label_of = dict(zip(distinct, label.tolist(), strict=True))
    names: dict[int, str] = {}
    return {id_: names.setdefault(label_of[text], id_) for id_, text in plain.items()}


def near_duplicates(texts: Sequence[str]) -> tuple[Rows, Rows]:
    """Every pair of rows [p], [p], the smaller one first, whose normalised texts are alike."""
    shingled = CountVectorizer(analyzer=_shingles, dtype=np.int32).fit_transform(texts).tocsr()
    shared = np.maximum(1, shingled.getnnz(axis=1) // SHARED)
    candidates = _candidates(_rarest(shingled, shared), shared)
    pairs = [_alike(shingled, *pair) for pair in candidates]
    first, second = zip(*pairs, strict=True)
    return np.concatenate(first), np.concatenate(second)


def normalised(text: str) -> str:
    """Words alone, whatever their case, form and punctuation; the text itself if it has none."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_WORDS.findall(folded)) or text.strip()


def _shingles(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[at : at + SHINGLE] for at in range(max(1, len(padded) - SHINGLE + 1))}


def _rarest(shingled: Any, shared: Rows) -> Any:
    """Of each text [n, shingles] as many of its rarest as a near-duplicate has `shared` [n] of.

    Who shares at least 4/5 of m shingles misses at most a fifth, so has one of any m/5 + 1, two of
    any m/5 + 2.
    """
    sizes, rarity = shingled.getnnz(axis=1), np.argsort(np.argsort(shingled.getnnz(axis=0)))
    rows = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((rarity[shingled.indices], rows))
    place = np.arange(len(rows)) - np.repeat(shingled.indptr[:-1], sizes)
    needed = sizes - -(-sizes * ALIKE[0] // ALIKE[1]) + shared
    kept = place < np.repeat(needed, sizes)
    columns = shingled.indices[order][kept]
    return csr_array((np.ones(len(columns), np.int32), (rows[kept], columns)), shape=shingled.shape)


def _candidates(rarest: Any, shared: Rows) -> Iterator[tuple[Rows, Rows]]:
    """Pairs of rows, the smaller one first, that have as many as either's `shared` in common."""
    turned = rarest.T.tocsr()
    for start in range(0, rarest.shape[0], BLOCK):
        common = triu(rarest[start : start + BLOCK] @ turned, k=start + 1).tocoo()
        first, second = common.row.astype(np.int64) + start, common.col.astype(np.int64)
        enough = common.data >= np.minimum(shared[first], shared[second])
        yield first[enough], second[enough]


def _alike(shingled: Any, first: Rows, second: Rows) -> tuple[Rows, Rows]:
    """Those pairs that are near-duplicates."""
    sizes = shingled.getnnz(axis=1)
    smaller, larger = (
        np.minimum(sizes[first], sizes[second]),
        np.maximum(sizes[first], sizes[second]),
    )
    may = smaller * ALIKE[1] >= larger * ALIKE[0]
    first, second = first[may], second[may]
    common = np.zeros(len(first), np.int64)
    for start in range(0, len(first), BLOCK):
        part = slice(start, start + BLOCK)
        both = shingled[first[part]].multiply(shingled[second[part]])
        common[part] = np.asarray(both.sum(axis=1)).ravel()
    either = sizes[first] + sizes[second] - common
    alike = common * ALIKE[1] >= either * ALIKE[0]
    return first[alike], second[alike]
