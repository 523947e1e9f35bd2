"""A report ↔ a JSON file, with a line for each key so that people can read its first ones."""

import json
from pathlib import Path

from data.errors import GatewaysError
from data.output_file import write_text
from evaluation.benchmark.comparison import Comparison
from evaluation.benchmark.report import Report


def write_report(path: Path, report: Report, comparison: Comparison | None = None) -> None:
    """Write a report, and under `comparison` what changed from another model.

    Raises GatewaysError where that cannot be.
    """
    stated = report.to_json()
    if comparison is not None:
        stated["comparison"] = comparison.to_json()
    lines = [
        f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in stated.items()
    ]
    write_text(path, "{\n" + ",\n".join(lines) + "\n}\n")


def read_report(path: Path) -> Report:
    """Read a report; what it was compared with is left out. Raises GatewaysError that names it."""
    try:
        return Report.from_json(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise GatewaysError(f"{path}: is no JSON ({error})") from error
    except GatewaysError as error:
        raise GatewaysError(f"{path}: {error}") from error
