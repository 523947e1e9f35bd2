"""The report of evidence that was made last, read once for as long as its file stays as it is."""

from functools import lru_cache
from pathlib import Path

from data.errors import NotFoundError
from data.settings import Settings
from data.workspace import Workspace
from evaluation.evidence.kept import Kept, read_report
from evaluation.evidence.report import Report


def latest(settings: Settings) -> Report | None:
    """The report, None where none was made yet. Raises GatewaysError for one that is damaged."""
    file = Kept(Workspace(settings.home).evidence).latest()
    return _read(file, file.stat().st_mtime_ns) if file else None


def existing_report(settings: Settings, platform: str | None) -> Report:
    """The report on one platform, or the whole. Raises NotFoundError."""
    report = latest(settings)
    if report is None:
        raise NotFoundError("no report of evidence was made yet; `gateways evidence` makes one")
    return report if platform is None else report.of(platform)


@lru_cache(maxsize=2)
def _read(file: Path, _changed: int) -> Report:
    return read_report(file)
