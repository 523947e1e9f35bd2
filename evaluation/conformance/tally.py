"""How often each result came out for one rule, and the first that failed."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from evaluation.conformance.findings import Finding, Result

EXAMPLES: Final = 20
"""Failing resources that a report names for each rule; files and pages name all."""


@dataclass(slots=True)
class Tally:
    """Counts by result, and examples (resource, message) of what failed."""

    counts: Counter[Result] = field(default_factory=Counter)
    examples: list[tuple[str, str]] = field(default_factory=list)

    def add(self, resource: str, finding: Finding) -> None:
        """Count what was found of a resource."""
        self.counts[finding.result] += 1
        if finding.result is Result.FAILED and len(self.examples) < EXAMPLES:
            self.examples.append((resource, finding.message))

    @property
    def applicable(self) -> int:
        """To how many the rule applies."""
        return self.counts.total() - self.counts[Result.NOT_APPLICABLE]

    @property
    def share(self) -> float | None:
        """The share that passed of those to which it applies; None where it applies to none."""
        return self.counts[Result.PASSED] / self.applicable if self.applicable else None

    @property
    def result(self) -> Result:
        """Of all together: failed if one failed, passed if all did."""
        worst_first = (Result.FAILED, Result.NOT_KNOWN, Result.PASSED)
        return next((one for one in worst_first if self.counts[one]), Result.NOT_APPLICABLE)
