"""`rejections.csv` of a frozen dataset: pairs that curators said no to, and what each teaches."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from data.errors import GatewaysError
from data.formats import fields
from data.formats.csv_rows import csv_objects
from data.formats.dataset_folder_writer import csv_line
from data.formats.fields import Raw, RowError
from data.formats.protocol import Refusal
from data.records import RejectionReason, Split

FILE: Final = "rejections.csv"
COLUMNS: Final = ("resource", "outcome", "reason", "aspect", "split")
_LINE_LIMIT = 100_000  # bytes: five short cells


class Aspect(StrEnum):
    """What a rejection says is wrong: the alignment as such, or one thing about it."""

    ALIGNMENT = "alignment"
    LEVEL = "level"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A hard negative: a person or a model thought that it fits, and a curator said no."""

    resource: str
    outcome: str
    reason: RejectionReason | None = None
    aspect: Aspect = Aspect.ALIGNMENT
    split: Split | None = None


def write_rejections(folder: Path, rejections: Iterable[Rejection]) -> None:
    """Write the file into `folder`. Raises OSError."""
    with (folder / FILE).open("w", encoding="utf-8", newline="") as out:
        out.write(csv_line(COLUMNS))
        for found in rejections:
            out.write(csv_line(str(getattr(found, column) or "") for column in COLUMNS))


def read_rejections(folder: Path) -> list[Rejection]:
    """The rejections of a dataset folder in their order; none if it has no such file.

    Raises GatewaysError that names the line which cannot be read.
    """
    file = folder / FILE
    if not file.is_file():
        return []
    found = []
    for item in csv_objects(file, _LINE_LIMIT, COLUMNS):
        if isinstance(item, Refusal):
            raise GatewaysError(str(item))
        line, raw = item
        try:
            found.append(_rejection(raw))
        except RowError as error:
            raise GatewaysError(f"{file}:{line}: {error}") from None
    return found


def _rejection(raw: Raw) -> Rejection:
    return Rejection(
        resource=fields.identifier(raw, "resource"),
        outcome=fields.identifier(raw, "outcome"),
        reason=fields.choice(raw, "reason", RejectionReason),
        aspect=fields.choice(raw, "aspect", Aspect) or Aspect.ALIGNMENT,
        split=fields.choice(raw, "split", Split),
    )
