"""Predictions ↔ CSV: `resource,outcome,rank,score,confidence,selected`."""

import csv
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

from data.errors import GatewaysError
from evaluation.alignment.protocol import Prediction

COLUMNS = [field.name for field in fields(Prediction)]


def write_predictions(path: Path, lists: Iterable[Iterable[Prediction]]) -> int:
    """Write the lists as they come to a file beside `path`, then rename it; returns the rows."""
    aside = path.with_name(f".{path.name}.partial")
    rows = 0
    try:
        with aside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for predictions in lists:
                for found in predictions:
                    writer.writerow(_row(found))
                    rows += 1
        aside.replace(path)
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        with suppress(OSError):
            aside.unlink()
    return rows


def _row(found: Prediction) -> list[object]:
    shown = (f"{found.score:.6f}", f"{found.confidence:.6f}", int(found.selected))
    return [found.resource, found.outcome, found.rank, *shown]
