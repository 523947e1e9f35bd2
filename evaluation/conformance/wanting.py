"""What each resource lacks as a table: CSV, a line for each rule that it does not meet."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from data.output_file import growing
from data.records import Resource
from evaluation.conformance.findings import Finding, Result
from evaluation.conformance.judging import Sink
from evaluation.conformance.profile import Rule

COLUMNS: Final = ("resource", "rule", "severity", "result", "message", "mend")
WANTING: Final = (Result.FAILED, Result.NOT_KNOWN)


def wanting(id_: str, findings: Sequence[tuple[Rule, Finding]]) -> Iterator[tuple[str, ...]]:
    """The lines of one resource, by `COLUMNS`: what fails, and what is not known."""
    for rule, finding in findings:
        if finding.result in WANTING:
            said = (finding.result.value, finding.message, rule.mend)
            yield (id_, rule.id, rule.severity.value, *said)


@contextmanager
def wanting_file(path: Path) -> Iterator[Sink]:
    """A sink that fills the table, which takes its place at the end. Raises GatewaysError."""
    with growing(path) as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)

        def add(resource: Resource, findings: Sequence[tuple[Rule, Finding]]) -> None:
            writer.writerows(wanting(resource.id, findings))

        yield add
