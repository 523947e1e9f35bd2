"""What others call outcomes and frameworks → what the catalogue calls them.

A gateway gives its own outcomes to others under identifiers that are derived of its ids, so that
the same outcome has one id where it is at home and another elsewhere.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast

from data.catalogue import Catalogue
from data.formats.case.mapping import case_of, identifier_of
from data.formats.case.tidying import is_uuid
from data.formats.case.writer import FRAMEWORK, OUTCOME
from data.formats.protocol import Document, R, Refusal, Row
from data.records import Correspondence, Dataset, Prerequisite, Record

_LAST: Final = re.compile(r"[^/#:]+$")


@dataclass(frozen=True, slots=True)
class OutcomeNames:
    """The outcomes of the catalogue to which something can be aligned, by all their names."""

    frameworks: Mapping[str, str] = field(default_factory=dict)
    by_identifier: Mapping[str, str] = field(default_factory=dict)
    by_uri: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue) -> "OutcomeNames":
        """Those of the catalogue as it is now."""
        frameworks: dict[str, str] = {}
        by_identifier: dict[str, str] = {}
        by_uri: dict[str, str] = {}
        for outcome in catalogue.outcomes.live():
            if outcome.assignable:
                frameworks[outcome.id] = outcome.framework
                by_identifier.setdefault(identifier_of(OUTCOME, outcome.id), outcome.id)
                if uri := ((case_of(outcome) or {}).get("item") or {}).get("uri"):
                    by_uri.setdefault(str(uri), outcome.id)
        return cls(frameworks, by_identifier, by_uri)

    def find(self, name: str, frameworks: Collection[str]) -> str | None:
        """The id of the outcome of that name; `frameworks` are names of its framework.

        An address or a UUID is the same everywhere; any other id only within its framework.
        """
        if name in self.by_uri:
            return self.by_uri[name]
        last = _LAST.search(name)
        own = last[0] if last and is_uuid(last[0]) else name
        if is_uuid(own) and own in self.frameworks:
            return own
        found = self.by_identifier.get(identifier_of(OUTCOME, own))
        return found if found and self._is_of(found, frameworks) else None

    def _is_of(self, outcome: str, frameworks: Collection[str]) -> bool:
        own = identifier_of(FRAMEWORK, self.frameworks[outcome])
        return any(identifier_of(FRAMEWORK, name) == own for name in frameworks)


@dataclass(frozen=True, slots=True)
class LocalDocument:
    """A package whose statements name outcomes as the catalogue does."""

    dataset: Dataset
    within: Document
    ids: Mapping[str, str]

    @property
    def kinds(self) -> frozenset[type[Record]]:
        """Those of the package."""
        return self.within.kinds

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield what the package has."""
        for row in self.within.read(kind):
            if isinstance(row, Row):
                yield replace(row, record=cast(R, self._named(row.record)))
            else:
                yield row

    def _named(self, record: Record) -> Record:
        match record:
            case Correspondence(outcome=outcome, other=other):
                return replace(record, outcome=self._id(outcome), other=self._id(other))
            case Prerequisite(outcome=outcome, requires=requires):
                return replace(record, outcome=self._id(outcome), requires=self._id(requires))
            case _:
                return record

    def _id(self, name: str) -> str:
        return self.ids.get(name, name)


def ids_at_home(catalogue: Catalogue) -> dict[str, str]:
    """Identifier → id of each outcome that goes by another one elsewhere."""
    return {
        identifier_of(OUTCOME, id_): id_ for id_ in catalogue.outcomes.ids() if not is_uuid(id_)
    }
