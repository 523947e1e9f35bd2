"""Word lists → texts of which some words stand in another language.

What is learned in one language is so learned in the others, too: Qin et al., CoSDA-ML:
Multi-Lingual Code-Switching Data Augmentation for Zero-Shot Cross-Lingual NLP (IJCAI 2020). A text
is switched to one language, as what is to be found will be in one.

A list is a file of tab-separated lines, `word<TAB>language<TAB>translation`. Its name begins with
the language of its words: `en.tsv`, `en.school.tsv`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import regex

from data.errors import GatewaysError
from data.formats.fields import well_formed
from models.languages import primary

SUFFIX: Final = ".tsv"
HEADER: Final = ("word", "language", "translation")
# How often a text is switched, and how many of the words that are listed then are.
SWITCHED: Final = 0.3
REPLACED: Final = 0.7

# A word of any script, with the signs within it; or one character between words.
_WORD: Final = r"[\p{L}\p{M}\p{N}]+"
_PIECE: Final = regex.compile(rf"{_WORD}(?:['’\u200c\u200d]{_WORD})*|.", regex.DOTALL)

Phrase = tuple[str, ...]
Words = Mapping[str, Mapping[Phrase, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class WordLists:
    """Words by their own language and by that of their translations.

    They tell for the first piece of a phrase all phrases that begin with it, longest first, and the
    translations of each. `fingerprint` names what the files hold; it is empty for none.
    """

    listed: Mapping[str, Mapping[str, Words]] = field(default_factory=dict, repr=False)
    fingerprint: str = ""

    def switch(self, text: str, language: str | None, generator: np.random.Generator) -> str:
        """The text as it is, or now and then with words of another language in place of its own.

        A text whose language is not known or has no list stays, and draws nothing.
        """
        listed = self.listed.get(primary(language or ""))
        if not listed or generator.random() >= SWITCHED:
            return text
        others = sorted(listed)
        words = listed[others[int(generator.integers(len(others)))]]
        return "".join(_replaced(_PIECE.findall(text), words, generator))


NO_WORDS: Final = WordLists(MappingProxyType({}))


def read_word_lists(path: Path) -> WordLists:
    """Read a list, or all that lie in a folder.

    Raises GatewaysError with file and line of what is not as it has to be.
    """
    files = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise GatewaysError(f"{path}: holds no word list, such as en{SUFFIX}")
    found: dict[str, dict[str, dict[Phrase, dict[str, None]]]] = {}
    digest = hashlib.sha256()
    for file in files:
        own = _language_of(file)
        read = _read(file)
        digest.update(f"\n{own} {len(read)}\n".encode() + read)
        for word, other, translation in _rows(file, own, read):
            phrase = tuple(_PIECE.findall(" ".join(word.split()).casefold()))
            there = found.setdefault(own, {}).setdefault(other, {})
            there.setdefault(phrase, {})[translation] = None
    if not found:
        raise GatewaysError(f"{path}: has no translation; write lines of {' TAB '.join(HEADER)}")
    return WordLists(
        {own: {other: _indexed(found[own][other]) for other in found[own]} for own in found},
        digest.hexdigest()[:16],
    )


def _language_of(file: Path) -> str:
    tag = file.name.partition(".")[0]
    if not well_formed(tag) or not primary(tag):
        raise GatewaysError(
            f"{file}: its name has to begin with the language of its words, such as en{SUFFIX}"
        )
    return primary(tag)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise GatewaysError(f"{file}: cannot be read ({error.strerror})") from None


def _rows(file: Path, own: str, read: bytes) -> Iterator[tuple[str, str, str]]:
    """Each line's word, language and translation."""
    for number, line in enumerate(read.split(b"\n"), start=1):
        try:
            fields = tuple(part.strip() for part in line.decode("utf-8-sig").split("\t"))
        except UnicodeDecodeError:
            raise GatewaysError(f"{file}:{number}: is not UTF-8; save the file as that") from None
        if fields == ("",) or (number == 1 and fields == HEADER):
            continue
        if len(fields) != len(HEADER) or not all(fields):
            raise GatewaysError(
                f"{file}:{number}: has to be {', '.join(HEADER)}, with a tab between each two"
            )
        word, tag, translation = fields
        if not well_formed(tag) or not primary(tag):
            raise GatewaysError(
                f"{file}:{number}: {tag[:60]!r} is no language; write a BCP 47 tag such as pt-BR"
            )
        if primary(tag) == own:
            raise GatewaysError(
                f"{file}:{number}: translates into {tag}, which is the language of the file's words"
            )
        yield word, primary(tag), translation


def _indexed(
    phrases: Mapping[Phrase, Mapping[str, None]],
) -> dict[str, dict[Phrase, tuple[str, ...]]]:
    found: dict[str, dict[Phrase, tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        found.setdefault(phrase[0], {})[phrase] = tuple(phrases[phrase])
    return found


def _replaced(
    pieces: list[str],
    words: Words,
    generator: np.random.Generator,
) -> Iterator[str]:
    """The pieces of a text, some of which are translated; the longest phrase counts."""
    plain = [piece.casefold() for piece in pieces]
    place = 0
    while place < len(pieces):
        length, said = 1, pieces[place]
        for phrase, translations in words.get(plain[place], {}).items():
            if tuple(plain[place : place + len(phrase)]) == phrase:
                length = len(phrase)
                said = "".join(pieces[place : place + length])
                if generator.random() < REPLACED:
                    said = translations[int(generator.integers(len(translations)))]
                break
        yield said
        place += length
