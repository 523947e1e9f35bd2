"""The report of evidence for programs: whole as JSON, and as two tables."""

from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from evaluation.evidence.report import Report
from evaluation.evidence.tables import figures_csv, rows_csv
from service.api.etags import IfNoneMatch, tagged
from service.api.evidence_wire import EvidenceReport
from service.api.responses import errors
from service.asking.reported import existing_report
from service.parts import Here, Parts

router = APIRouter(prefix="/v1", tags=["evidence"])
Platform = Annotated[
    str | None, Query(description="Id of a platform; `*` for what is of all of them together.")
]


class CsvTable(StreamingResponse):
    """A table that is sent line by line."""

    media_type = "text/csv; charset=utf-8"


@router.get("/evidence", response_model=EvidenceReport, responses=errors(404, 422))
def read_evidence(
    parts: Here, platform: Platform = None, if_none_match: IfNoneMatch = None
) -> Response:
    """The report that was made last: every figure with the rows that it is computed from."""
    report = existing_report(parts.settings, platform)
    return tagged(EvidenceReport.model_validate(report.to_json()), if_none_match)


@router.get("/evidence.csv", response_class=CsvTable, responses=errors(404, 422))
def export_evidence(parts: Here, platform: Platform = None) -> CsvTable:
    """Its figures as a table."""
    return _table("evidence.csv", figures_csv, parts, platform)


@router.get("/evidence/rows.csv", response_class=CsvTable, responses=errors(404, 422))
def export_evidence_rows(parts: Here, platform: Platform = None) -> CsvTable:
    """The aggregated rows from which each figure can be computed again."""
    return _table("rows.csv", rows_csv, parts, platform)


def _table(
    name: str, lines: Callable[[Report], Iterator[str]], parts: Parts, platform: str | None
) -> CsvTable:
    report = existing_report(parts.settings, platform)
    return CsvTable(
        lines(report), headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
