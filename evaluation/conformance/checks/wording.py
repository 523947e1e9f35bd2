"""Checks of the texts of a resource."""

from typing import Final

import regex
from pydantic import Field

from evaluation.conformance.checks.base import ResourceCheck, Seen
from evaluation.conformance.findings import NOT_APPLICABLE, Finding, failed, passed

# Word length tells something where letters write all sounds and spaces part words.
_LETTERS: Final = regex.compile(r"\p{L}")
_ALPHABETS: Final = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}]")
_WORD: Final = regex.compile(r"[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*")
_SENTENCE: Final = regex.compile(r"[.!?:…]+(?=\s|$)")
_LONG: Final = 6
_ENOUGH: Final = 20_000  # characters that tell how a text is written

_MAIL: Final = regex.compile(r"(?<![\w.+-])[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}\p{L}{2,24})\b")
_INVENTED: Final = regex.compile(r"(?:.*\.)?(?:example(?:\.(?:com|net|org))?|test|invalid)")
_NUMBER: Final = regex.compile(r"(?<![\w.,])(?:\+|00)[1-9][\d ()./-]{6,24}\d(?![\w.,]\d)")
_TELEPHONE: Final = range(9, 16)  # digits that an international number has


class Readable(ResourceCheck):
    """Its text is no harder than a LIX of so much.

    LIX is the number of words a sentence plus the percentage of words of more than six letters
    (Björnsson, C. H. 1968: Läsbarhet. Stockholm: Liber): below 30 very easy, from 50 on difficult.
    """

    at_most: float = Field(50.0, gt=0, strict=False)
    least_words: int = Field(50, ge=1)

    def __call__(self, seen: Seen) -> Finding:
        """The LIX of text and description, where there is enough of them in an alphabet."""
        text = "\n".join((seen.resource.description, seen.resource.text))[:_ENOUGH]
        letters = len(_LETTERS.findall(text))
        if letters and 2 * len(_ALPHABETS.findall(text)) < letters:
            return NOT_APPLICABLE
        found = _WORD.findall(text)
        if len(found) < self.least_words:
            return NOT_APPLICABLE
        index = lix(text)
        if index > self.at_most:
            return failed("LIX %(index)s, above %(most)s", index=round(index, 1), most=self.at_most)
        return passed("LIX %(index)s", index=round(index, 1))


class NoPersonalData(ResourceCheck):
    """Its texts hold no e-mail addresses and no telephone numbers."""

    def __call__(self, seen: Seen) -> Finding:
        """How many there are; never which, since a report travels."""
        text = "\n".join((seen.resource.title, seen.resource.description, seen.resource.text))
        # Most texts have none of these signs, and are looked through in no time.
        places = _MAIL.findall(text) if "@" in text else ()
        mails = sum(not _INVENTED.fullmatch(place.lower()) for place in places)
        written = _NUMBER.findall(text) if "+" in text or "00" in text else ()
        digits = (sum(map(str.isdigit, one)) for one in written)
        numbers = sum(count in _TELEPHONE for count in digits)
        if not mails and not numbers:
            return passed()
        return failed(
            "e-mail addresses: %(mails)s, telephone numbers: %(numbers)s",
            mails=mails,
            numbers=numbers,
        )


def lix(text: str) -> float:
    """Björnsson's index of a text that has at least one word."""
    found = _WORD.findall(text)
    # A line that ends without a stop is a sentence as well: a title, an item of a list.
    parts = (part for line in text.splitlines() for part in _SENTENCE.split(line))
    sentences = sum(bool(_WORD.search(part)) for part in parts)
    long = sum(len(word) > _LONG for word in found)
    return len(found) / max(sentences, 1) + 100 * long / len(found)
