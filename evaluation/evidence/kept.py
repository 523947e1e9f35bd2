"""The folder of reports, each as JSON under the time when it was made, and the noise's secret."""

import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from data.durable import replace_text
from data.errors import GatewaysError
from data.output_file import write_text
from evaluation.evidence.report import Report

SECRET: Final = "secret"  # noqa: S105  the name of a file
_BYTES: Final = 32


class Kept:
    """The reports of one workspace."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def latest(self) -> Path | None:
        """The file of the newest report."""
        return max(self._folder.glob("[0-9]*.json"), default=None)

    def read(self) -> Report | None:
        """The newest report, None for none. Raises GatewaysError for one that is damaged."""
        file = self.latest()
        return read_report(file) if file else None

    def keep(self, report: Report) -> Path:
        """Write a report beside the others. Raises GatewaysError where that cannot be."""
        # To the microsecond, since two may be made in one second.
        made = datetime.fromtimestamp(report.made, UTC)
        file = self._folder / f"{made:%Y%m%d-%H%M%S-%f}.json"
        self._make()
        write_text(file, written(report))
        return file

    def secret(self) -> bytes:
        """What the noise is drawn by, made at the first call. Raises GatewaysError."""
        file = self._folder / SECRET
        if not file.exists():
            self._make()
            try:
                os.close(os.open(file.with_name(f".{SECRET}"), os.O_CREAT | os.O_WRONLY, 0o600))
                replace_text(file, secrets.token_hex(_BYTES))
            except OSError as error:
                raise GatewaysError(f"{file}: cannot be written ({error.strerror})") from error
        try:
            found = file.read_bytes()
        except OSError as error:
            raise GatewaysError(f"{file}: cannot be read ({error.strerror})") from error
        if len(found) < 2 * _BYTES:
            raise GatewaysError(f"{file}: is no secret; remove it, and a new one is made")
        return found

    def _make(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GatewaysError(f"{self._folder}: cannot be made ({error.strerror})") from error


def written(report: Report) -> str:
    """A report as JSON, a line for each figure, so that two can be compared by eye."""
    stated = report.to_json()
    figures = ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in stated.pop("figures"))
    head = ",\n ".join(
        f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in stated.items()
    )
    return f'{{\n {head},\n "figures": [\n  {figures}\n ]\n}}\n'


def read_report(file: Path) -> Report:
    """Read a report. Raises GatewaysError that names the file."""
    try:
        return Report.from_json(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise GatewaysError(f"{file}: cannot be read ({error.strerror})") from error
    except GatewaysError as error:
        raise GatewaysError(f"{file}: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GatewaysError(f"{file}: is no report of evidence ({error})") from error
