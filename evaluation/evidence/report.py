"""The report as one value, and as JSON."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from data.errors import GatewaysError, NotFoundError
from evaluation.evidence.editions import Editions
from evaluation.evidence.figure import ALL, Figure, Row
from evaluation.evidence.naming import Named

FORMAT: Final = 1
_DIGITS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure's value in the report before, and now."""

    figure: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        """How much it has grown."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """How learners were protected: how many make a cell, and the noise on each table's numbers.

    `scales` are the scales of Laplace's distribution: on the count of learners, then on each sum.
    """

    least: int
    epsilon: float | None = None
    scales: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found when (Unix seconds), of which platforms, and what has changed since `since`.

    `frameworks` are ids with titles. `halves` are the platforms with the best coverage and the
    others, None where there are too few to compare. `editions` tell which curricula are the same.
    """

    made: float
    platforms: tuple[Named, ...]
    frameworks: Mapping[str, str]
    figures: tuple[Figure, ...]
    protection: Protection
    halves: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    since: float | None = None
    changes: tuple[Change, ...] = ()
    editions: Editions = field(default_factory=Editions)

    @property
    def fingerprint(self) -> str:
        """Names what was found, whenever that was."""
        said = json.dumps([_figure_json(one) for one in self.figures], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]

    def of(self, platform: str) -> "Report":
        """What of it is of one platform, or of all together. Raises NotFoundError."""
        names = [one.id for one in self.platforms]
        if platform not in (ALL, *names):
            there = f"there are {', '.join(names)}" if names else "there is none"
            raise NotFoundError(f"platform {platform!r} is not in the report; {there}")
        ids = {one.id for one in self.figures if one.platform == platform}
        return replace(
            self,
            figures=tuple(one for one in self.figures if one.id in ids),
            changes=tuple(one for one in self.changes if one.figure in ids),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values; what they mean stands beside them."""
        return {
            "format": FORMAT,
            "made": self.made,
            "fingerprint": self.fingerprint,
            "since": self.since,
            "protection": asdict(self.protection),
            "platforms": [asdict(one) for one in self.platforms],
            "frameworks": dict(self.frameworks),
            "editions": asdict(self.editions),
            "halves": self.halves,
            "changes": [asdict(one) for one in self.changes],
            "figures": [_figure_json(one) for one in self.figures],
        }

    @classmethod
    def from_json(cls, stated: Mapping[str, Any]) -> "Report":
        """The report of such values. Raises GatewaysError, KeyError or TypeError for others."""
        if stated["format"] != FORMAT:
            raise GatewaysError(f"format {stated['format']} is not known, only {FORMAT} is")
        said = stated["protection"]
        halves = stated["halves"]
        return cls(
            made=stated["made"],
            platforms=tuple(
                Named(**{**one, "datasets": tuple(one["datasets"])}) for one in stated["platforms"]
            ),
            frameworks=stated["frameworks"],
            editions=_read_editions(stated.get("editions", {})),  # older ones do not tell
            figures=tuple(map(_read_figure, stated["figures"])),
            protection=Protection(
                least=said["least"],
                epsilon=said["epsilon"],
                scales={name: tuple(each) for name, each in said["scales"].items()},
            ),
            halves=(tuple(halves[0]), tuple(halves[1])) if halves else None,
            since=stated["since"],
            changes=tuple(Change(**one) for one in stated["changes"]),
        )


def changes(before: Iterable[Figure], after: Iterable[Figure]) -> tuple[Change, ...]:
    """The figures that both have and whose values differ, in the order of the later."""
    old = {one.id: one.value for one in before}
    return tuple(
        Change(figure=one.id, before=earlier, after=one.value)
        for one in after
        if one.value is not None
        and (earlier := old.get(one.id)) is not None
        and earlier != one.value
    )


def _figure_json(one: Figure) -> dict[str, Any]:
    about = one.about
    told = {"id": one.id, "group": about.group.value, "title": about.title}
    told |= {"unit": about.unit.value, "method": about.method, "formula": about.formula}
    return told | {"withheld": one.withheld} | asdict(one)


def _read_editions(stated: Mapping[str, Mapping[str, list[str]]]) -> Editions:
    names = ("ahead", "instead")
    return Editions(
        **{name: {new: tuple(olds) for new, olds in stated.get(name, {}).items()} for name in names}
    )


def _read_figure(stated: Mapping[str, Any]) -> Figure:
    names = ("measure", "platform", "slice", "value", "numerator", "denominator", "low", "high")
    return Figure(
        **{name: stated[name] for name in names},
        between=tuple(stated["between"]),
        rows=tuple(Row(**one) for one in stated["rows"]),
    )
