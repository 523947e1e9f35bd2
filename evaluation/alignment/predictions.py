"""Predictions ↔ CSV: `resource,outcome,rank,score,confidence,selected`."""

import csv
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from data.output_file import growing
from evaluation.alignment.protocol import Prediction

COLUMNS = [field.name for field in fields(Prediction)]


def write_predictions(path: Path, lists: Iterable[Iterable[Prediction]]) -> int:
    """Write the lists as they come; returns the rows. Raises GatewaysError where that cannot be."""
    rows = 0
    with growing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for predictions in lists:
            for found in predictions:
                writer.writerow(_row(found))
                rows += 1
    return rows


def _row(found: Prediction) -> list[object]:
    shown = (f"{found.score:.6f}", f"{found.confidence:.6f}", int(found.selected))
    return [found.resource, found.outcome, found.rank, *shown]
