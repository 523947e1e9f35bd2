"""A chain of hashes over what happened: whoever changes an entry breaks it. No I/O here.

How a hash is made never changes, since it must come out the same for entries of any age.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

START: Final = "0" * 64
"""What the first entry follows."""

_canonical = partial(json.dumps, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happened: `event` to what `about` names, at `time` (Unix seconds).

    `said` is JSON as `wording` writes it. `previous` is the hash of the entry before, `hash` this
    one's, both in hexadecimal; `number` counts from 1.
    """

    number: int
    time: float
    event: str
    about: str
    said: str
    previous: str
    hash: str

    @property
    def expected(self) -> str:
        """The hash that belongs to what it says."""
        told = _canonical([self.number, self.time, self.event, self.about, self.said])
        return hashlib.sha256(f"{self.previous}\n{told}".encode()).hexdigest()


def following(
    last: Entry | None, *, time: float, event: str, about: str, said: Mapping[str, Any]
) -> Entry:
    """The entry after `last`, or the first one."""
    number, previous = (last.number + 1, last.hash) if last else (1, START)
    entry = Entry(
        number=number,
        time=float(time),
        event=event,
        about=about,
        said=wording(said),
        previous=previous,
        hash="",
    )
    return replace(entry, hash=entry.expected)


def wording(said: Any) -> str:
    """JSON in the one form that is hashed."""
    return _canonical(said)


def digest_of(values: Mapping[str, Any]) -> str:
    """What stands for a row in the chain, which holds nothing that the row says."""
    return hashlib.sha256(wording(values).encode()).hexdigest()


def broken(entries: Iterable[Entry]) -> Iterator[str]:
    """What is wrong with a chain that is given in the order of its numbers, a line for each."""
    number, previous = 0, START
    for entry in entries:
        if entry.number > number + 1:
            first, last = number + 1, entry.number - 1
            which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
            yield f"{which} missing"
        elif entry.number <= number:
            yield f"entry {entry.number} stands where {number + 1} belongs"
        elif entry.previous != previous:
            yield f"entry {entry.number} does not follow entry {number}, which is not what it was"
        if entry.hash != entry.expected:
            yield f"entry {entry.number} ({entry.event} {entry.about}) was changed"
        number, previous = entry.number, entry.hash
