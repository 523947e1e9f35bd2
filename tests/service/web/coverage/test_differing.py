"""Which words of two texts differ."""

import pytest

from service.web.coverage.differing import differing


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        ("Add two fractions", "Add two fractions", [], []),
        ("Add two fractions", "Subtract two fractions", ["Add"], ["Subtract"]),
        ("Add fractions", "add several small fractions", [], ["several small "]),
        ("Read, then write.", "Read, then write", ["."], []),
        ("", "New", [], ["New"]),
    ],
)
def test_only_words_that_the_other_lacks_are_marked(before, after, gone, come):
    ours, theirs = differing(before, after)
    assert ("".join(text for text, _ in ours), "".join(text for text, _ in theirs)) == (
        before,
        after,
    )
    assert [text for text, differs in ours if differs] == gone
    assert [text for text, differs in theirs if differs] == come
