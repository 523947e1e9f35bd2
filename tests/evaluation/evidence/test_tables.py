"""Anybody can compute every figure again."""

import csv
import subprocess

import pytest

from data.catalogue import Catalogue
from evaluation.evidence.making import make
from evaluation.evidence.privacy import Privacy
from evaluation.evidence.tables import ONE_LINER, figures_csv, rows_csv
from tests.evaluation.evidence.conftest import NOW


@pytest.mark.parametrize("privacy", [Privacy(least=30), Privacy(least=10, epsilon=30.0)])
def test_the_documented_line_computes_every_figure_that_is_not_kept_back(shared, tmp_path, privacy):
    with Catalogue.open(shared.catalogue_url) as catalogue:
        report = make(catalogue, privacy, now=NOW)
    (tmp_path / "rows.csv").write_text("".join(rows_csv(report)), encoding="utf-8")
    printed = subprocess.run(
        ONE_LINER, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    computed = {
        name: float(value) for name, value in (line.split() for line in printed.splitlines())
    }
    told = {one.id: one.value for one in report.figures if not one.withheld}
    assert computed == pytest.approx(told, abs=1e-9, rel=1e-9)
    assert any(one.withheld for one in report.figures)
    written = list(csv.DictReader("".join(figures_csv(report)).splitlines(keepends=True)))
    assert {row["figure"]: row["value"] for row in written if row["withheld"] == "no"}.keys() == (
        told.keys()
    )
    assert all(row["method"] and row["formula"] for row in written)


def test_the_line_is_in_the_documentation(request):
    page = (request.config.rootpath / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert ONE_LINER in page


def test_no_spreadsheet_takes_a_cell_for_a_formula(report):
    cells = [
        cell
        for lines in (figures_csv(report), rows_csv(report))
        for row in csv.reader("".join(lines).splitlines(keepends=True))
        for cell in row
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+")) and len(cell) > 1]
