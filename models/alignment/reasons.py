"""What is known of one suggestion → the reasons that a curator reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.suggestion import Origin, Reason, ReasonKind

# What moves a score by less is no reason.
NOTICEABLE: Final = 0.1
# Log-odds that count as the strongest reason.
STRONGEST: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for an outcome: its cosine, shared words, and near resources accepted for it.

    `moved` is what each group of a ranker's features does to the score, and a crosswalk to the
    confidence, in log-odds; `origins` are the outcomes that a crosswalk comes from.
    """

    meaning: float
    words: tuple[str, ...]
    accepted: Sequence[str] = ()
    moved: Mapping[str, float]
    origins: tuple[Origin, ...] = ()


def reasons(found: Evidence) -> tuple[Reason, ...]:
    """Meaning first, shared words second, then what else moved the score, the strongest first."""
    moved = {group: round(value, 2) for group, value in found.moved.items()}
    listed = [
        Reason(
            kind=ReasonKind.MEANING,
            strength=round(min(max(0.0, found.meaning), 1.0), 3),
            moved=moved.get("meaning", 0.0),
        )
    ]
    if found.words:
        listed.append(
            Reason(
                kind=ReasonKind.WORDS,
                strength=min(1, len(found.words) / 5),
                words=found.words,
                moved=moved.get("words", 0.0),
            )
        )
    others = [
        Reason(
            kind=kind,
            strength=round(min(1.0, abs(value) / STRONGEST), 3),
            resources=tuple(found.accepted) if kind is ReasonKind.NEIGHBOURS else (),
            moved=value,
            by=found.origins if kind is ReasonKind.CROSSWALK else (),
        )
        for kind in _OTHERS
        if abs(value := moved.get(kind.value, 0.0)) >= NOTICEABLE
        or (kind is ReasonKind.CROSSWALK and found.origins)
    ]
    return (*listed, *sorted(others, key=lambda reason: -reason.strength))


_OTHERS: Final = (
    ReasonKind.TITLE,
    ReasonKind.NEIGHBOURS,
    ReasonKind.SURROUNDINGS,
    ReasonKind.SUBJECT,
    ReasonKind.LEVEL,
    ReasonKind.LANGUAGE,
    ReasonKind.CROSSWALK,
)
