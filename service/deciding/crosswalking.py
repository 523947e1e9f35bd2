"""Two frameworks that an address names, and curators' words on what corresponds in them."""

import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from data.catalogue import Catalogue
from data.errors import NotFoundError
from data.records import CorrespondenceDecision, Framework, Verdict
from service.access.territory import check_all
from service.parts import Here, Parts


@dataclass(frozen=True, slots=True)
class TwoFrameworks:
    """A framework, and the other one that its outcomes are compared with."""

    framework: Framework
    other: Framework

    @property
    def ids(self) -> tuple[str, str]:
        """What the two are called in the catalogue."""
        return self.framework.id, self.other.id


def two_frameworks(catalogue: Catalogue, path: str) -> TwoFrameworks:
    """The two that a path names, whose ids may hold slashes. Raises NotFoundError."""
    there = catalogue.frameworks.by_id()
    for place, letter in enumerate(path):
        framework, other = path[:place], path[place + 1 :]
        if letter == "/" and framework in there and other in there:
            return TwoFrameworks(there[framework], there[other])
    raise NotFoundError(f"{path!r}: these are no two frameworks of the catalogue")


def _named(framework: str, other: str, parts: Here) -> TwoFrameworks:
    return two_frameworks(parts.catalogue, f"{framework}/{other}")


Both = Annotated[TwoFrameworks, Depends(_named)]


def decide(parts: Parts, decision: CorrespondenceDecision) -> CorrespondenceDecision:
    """Keep a decision; it is on the disk when this returns. Raises what the ledger raises.

    Raises HTTPException (403) for the key of one platform.
    """
    check_all(parts)
    kept = parts.catalogue.crosswalks.decide(decision)
    parts.metrics.decisions.labels(decision.verdict.value).inc()
    return kept


def undo(parts: Parts, decision_id: int, curator: str) -> CorrespondenceDecision:
    """Withdraw a decision; the undoing is a decision of its own. Raises what `decide` raises."""
    check_all(parts)
    undone = parts.catalogue.crosswalks.undo(decision_id, curator, time.time())
    parts.metrics.decisions.labels(Verdict.UNDO.value).inc()
    return undone
