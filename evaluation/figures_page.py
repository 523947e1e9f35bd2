"""Figures of learners' models → one HTML page that needs no network and no script."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from evaluation import learner_figures, slices
from evaluation.gaps import ends
from evaluation.output_file import write_text
from evaluation.page import environment

Kind = Literal["learner", "recommender"]


def write_figures_page(path: Path, kind: Kind, found: Mapping[str, Any]) -> None:
    """Write the page. Raises GatewaysError where that cannot be."""
    write_text(path, figures_page(kind, found))


def figures_page(kind: Kind, found: Mapping[str, Any]) -> str:
    """The figures that `evaluate learner` or `evaluate recommender` writes as JSON, as HTML."""
    enough = {"learner": learner_figures.ENOUGH, "recommender": slices.ENOUGH}[kind]
    models = {"this program": found, **found["baselines"]}
    return (
        environment()
        .get_template(f"{kind}.html")
        .render(found=found, models=models, enough=enough, ends=ends)
    )
