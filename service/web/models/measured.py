"""Reports and their comparisons, read once for as long as their files stay as they are."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from data.errors import NotFoundError
from evaluation.benchmark.comparison import Comparison, compare
from evaluation.benchmark.report import Report
from evaluation.benchmark.report_file import read_report
from models.bundles.published_versions import PublishedVersion
from service.web.wording import message

MEASURES: Final = {
    "mean_f2": message("Mean F2"),
    "recall@1": message("Recall@1"),
    "recall@5": message("Recall@5"),
    "recall@10": message("Recall@10"),
    "recall@50": message("Recall@50"),
    "mrr": message("MRR"),
    "ndcg@10": message("nDCG@10"),
    "ece": message("Calibration error"),
}
RESPECTS: Final = {
    "language": message("Language"),
    "subject": message("Subject"),
    "level": message("Level"),
    "kind": message("Kind of resource"),
    "frequency": message("Resources per right outcome"),
}


def report_of(version: PublishedVersion, fingerprint: str) -> Report:
    """How a version did on the data of that fingerprint. Raises NotFoundError, GatewaysError."""
    path = version.reports.get(fingerprint)
    if path is None or not path.is_file():
        raise NotFoundError(f"version {version.name} has no report on data {fingerprint!r}")
    return _report(path, path.stat().st_mtime_ns)


def shared(before: PublishedVersion, after: PublishedVersion) -> str | None:
    """The fingerprint of the newest data that both have a report of."""
    return next((data for data in reversed([*after.reports]) if data in before.reports), None)


def newest(version: PublishedVersion) -> str | None:
    """The fingerprint of the data of a version's newest report."""
    return next(reversed([*version.reports]), None)


def compared(before: PublishedVersion, after: PublishedVersion, data: str) -> Comparison:
    """What changes from one version to another on the data of that fingerprint."""
    paths = before.reports[data], after.reports[data]
    return _comparison(*paths, *(path.stat().st_mtime_ns for path in paths))


@lru_cache(maxsize=8)
def _report(path: Path, _modified: int) -> Report:
    return read_report(path)


@lru_cache(maxsize=8)
def _comparison(before: Path, after: Path, first: int, second: int) -> Comparison:
    return compare(_report(before, first), _report(after, second))
