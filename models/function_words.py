"""Words that hold sentences together and say nothing of what they are about, by language.

In a framework of some hundred short texts *pour* or *that* is as rare as what these teach, so that
numbers do not tell them. Words that are themselves taught, such as *between*, *more* and *one*, are
not among them.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from models.languages import primary
from models.lexical import folded


def function_words(languages: Iterable[str | None]) -> frozenset[str]:
    """Those of some languages, by their BCP 47 tags, `folded`; none where none are known."""
    known = _by_language()
    return frozenset[str]().union(*(known.get(primary(tag or ""), ()) for tag in languages))


@cache
def _by_language() -> Mapping[str, frozenset[str]]:
    text = Path(__file__).with_name("function_words.txt").read_text(encoding="utf-8")
    lines = (line.partition(": ") for line in text.splitlines())
    return {language: frozenset(map(folded, said.split())) for language, _, said in lines}
