import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.ranking.word_sets import WordSets

WORDS = st.sets(st.sampled_from("abcdefg"))


@given(st.lists(WORDS, min_size=1), WORDS, st.data())
def test_what_is_in_common_is_what_sets_say(sets, asked, data):
    found = WordSets(sets, {"g": 0})
    rows = data.draw(st.lists(st.integers(0, len(sets) - 1)))
    weights = np.arange(1.0, len(found.numbers) + 1)
    one, other = found.common(np.array(rows, np.int64), found.marks(asked), weights)
    assert one.dtype == other.dtype == np.float64
    assert one.tolist() == [len(sets[row] & asked) for row in rows]
    assert other.tolist() == [
        sum(weights[found.numbers[word]] for word in sets[row]) for row in rows
    ]


@given(st.lists(WORDS))
def test_frequencies_and_sizes_are_what_sets_say(sets):
    found = WordSets(sets, {})
    assert found.sizes.tolist() == [len(words) for words in sets]
    frequencies = dict(zip(found.numbers, found.frequencies().tolist(), strict=True))
    assert frequencies == {
        word: sum(word in words for words in sets) for word in set().union(*sets)
    }


def test_words_that_no_row_has_are_not_known():
    assert WordSets([{"a"}], {}).marks({"z"}).tolist() == [0.0]
