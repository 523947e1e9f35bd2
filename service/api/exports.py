"""The ledger and the alignments as tables for a spreadsheet."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from data.catalogue import Catalogue
from data.exporter import export_alignments, export_decisions
from service.parts import Here

router = APIRouter(prefix="/v1", tags=["exports"])


class CsvFile(FileResponse):
    """A table that is removed once it was sent."""

    media_type = "text/csv; charset=utf-8"


@router.get("/decisions.csv", response_class=CsvFile)
def export_decisions_as_csv(parts: Here) -> CsvFile:
    """Every decision, undone ones too, with what was shown."""
    return table("decisions.csv", export_decisions, parts.catalogue)


@router.get("/alignments.csv", response_class=CsvFile)
def export_alignments_as_csv(parts: Here) -> CsvFile:
    """Every alignment that stands, with who stated it and when."""
    return table("alignments.csv", export_alignments, parts.catalogue)


def table(name: str, write: Callable[[Catalogue, Path], None], catalogue: Catalogue) -> CsvFile:
    """The file that `write` writes, to be downloaded under that name."""
    # Written aside first, so that a slow reader holds no transaction open.
    folder = tempfile.TemporaryDirectory(prefix="gateways-")
    file = Path(folder.name) / name
    write(catalogue, file)
    return CsvFile(file, filename=name, background=BackgroundTask(folder.cleanup))
