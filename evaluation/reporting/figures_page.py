"""Figures of learners' models → one HTML page that needs no network and no script."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from data.output_file import write_text
from evaluation.measures.gaps import ends
from evaluation.reporting.document import environment

Kind = Literal["learner", "recommender"]


def write_figures_page(path: Path, kind: Kind, found: Mapping[str, Any], enough: int) -> None:
    """Write the page. Raises GatewaysError where that cannot be."""
    write_text(path, figures_page(kind, found, enough))


def figures_page(kind: Kind, found: Mapping[str, Any], enough: int) -> str:
    """The figures that `evaluate learner` or `evaluate recommender` writes as JSON, as HTML.

    A slice is told of if it has `enough` answers or targets.
    """
    models = {"this program": found, **found["baselines"]}
    return (
        environment()
        .get_template(f"{kind}.html")
        .render(found=found, models=models, enough=enough, ends=ends)
    )
