"""What became of outcomes, as plain values and as the lines of a table."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from models.edition.change import Change, Kind
from models.edition.in_catalogue import Compared

HEADER = (
    "became",
    "sure",
    "confidence",
    "why",
    "old",
    "old_code",
    "old_title",
    "new",
    "new_code",
    "new_title",
)


def counts(found: Compared) -> dict[Kind, tuple[int, int]]:
    """Kind → how many changes there are, and how many of them are sure."""
    there = Counter(change.kind for change in found.changes)
    sure = Counter(change.kind for change in found.changes if change.sure)
    return {kind: (there[kind], sure[kind]) for kind in Kind}


def told(found: Compared) -> dict[str, Any]:
    """All of it."""
    return {
        "old": found.old.id,
        "new": found.new.id,
        "model": found.model,
        "counts": {
            kind.value: {"there": there, "sure": sure}
            for kind, (there, sure) in counts(found).items()
        },
        "changes": [_told(found, change) for change in found.changes],
    }


def lines(found: Compared) -> Iterator[tuple[str, ...]]:
    """A line for each old outcome with each new one, in the order of HEADER."""
    for change in found.changes:
        for old in change.old or ("",):
            for new in change.new or ("",):
                yield (
                    change.kind.value,
                    "yes" if change.sure else "no",
                    f"{change.confidence:.3f}",
                    " ".join(one.value for one in change.evidence),
                    *_cells(found, old),
                    *_cells(found, new),
                )


def _cells(found: Compared, name: str) -> tuple[str, str, str]:
    outcome = found.outcomes.get(name)
    return (name, outcome.code or "", outcome.title) if outcome else (name, "", "")


def _told(found: Compared, change: Change) -> Mapping[str, Any]:
    return {
        "became": change.kind.value,
        "sure": change.sure,
        "confidence": round(change.confidence, 4),
        "evidence": [one.value for one in change.evidence],
        "old": [_named(found, name) for name in change.old],
        "new": [_named(found, name) for name in change.new],
    }


def _named(found: Compared, name: str) -> Mapping[str, str | None]:
    outcome = found.outcomes[name]
    return {"id": name, "code": outcome.code, "title": outcome.title}
