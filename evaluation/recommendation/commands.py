"""The `evaluate recommender` command."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evaluation.reporting.options import JsonFile, Page

if TYPE_CHECKING:
    from rich.table import Table

    from data.settings import Settings


def recommender(
    context: typer.Context,
    dataset: Annotated[Path, typer.Option(help="Dataset folder with interactions.csv.")],
    json_file: JsonFile = None,
    page: Page = None,
) -> None:
    """Measure how well the next resource of a learner is told from what they did before.

    No workspace has to be there. It is fitted to the first four fifths and measured on the rest.
    """
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document
    from data.output_file import check_place
    from data.progress import progress_bar
    from evaluation.measures.gaps import ENOUGH
    from evaluation.recommendation.protocol import read_task
    from evaluation.recommendation.report import report
    from evaluation.reporting.figures_file import write_figures
    from evaluation.reporting.figures_page import write_figures_page

    check_place(json_file)
    check_place(page)
    settings: Settings = context.obj
    task = read_task(open_document(dataset, ReadOptions(max_text=settings.max_text)))
    found = report(task, progress_bar)
    _show(found)
    if json_file:
        write_figures(json_file, found)
    if page:
        write_figures_page(page, "recommender", found, ENOUGH)


def _show(found: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape

    from evaluation.measures.gaps import ENOUGH
    from evaluation.reporting.gaps_view import gaps_table

    console = Console()
    console.print(gaps_table(found, "recall@10", "targets", ENOUGH))
    for line in _summary(found):
        console.print(escape(line), highlight=False)
    console.print(_models(found))
    if found["slices"]:
        console.print(_slices(found["slices"]))


def _summary(found: Mapping[str, Any]) -> Iterable[str]:
    """How far ahead the model is, then learners without a history."""
    for measure, ahead in found["difference"].items():
        yield (
            f"{measure}: {ahead['value']:+.3f} ({ahead['low']:+.3f} – {ahead['high']:+.3f}) to "
            f"«{ahead['baseline']}»"
        )
    if not found["tuned"]:
        yield "signals are added as they are, since there is too little to learn their weights from"
    if (start := found["no_history"])["targets"]:
        yield (
            f"without a history: recall@10 {start['recall@10']:.3f} over {start['targets']:,} "
            f"learners, by popularity {start['popularity']['recall@10']:.3f}"
        )


def _models(found: Mapping[str, Any]) -> "Table":
    from rich.table import Table

    title = (
        f"{found['dataset']} · {found['targets']:,} targets of {found['learners']:,} learners · "
        f"{found['resources']:,} resources · {found['seconds']} s"
    )
    columns = ("recall@10", "nDCG@10", "per learner", "never opened", "coverage", "Gini")
    table = Table("model", *columns, title=title)
    for name, row in {"this program": found, **found["baselines"]}.items():
        figures = (
            row["recall@10"],
            row["ndcg@10"],
            row["per_learner"]["recall@10"],
            row["never_opened"]["recall@10"],
            row["coverage"],
            row["gini"],
        )
        table.add_row(name, *("" if each is None else f"{each:.3f}" for each in figures))
    return table


def _slices(rows: Iterable[Mapping[str, Any]]) -> "Table":
    from rich.table import Table

    table = Table("slice", "targets", "recall@10", "nDCG@10", title="worst first")
    for row in rows:
        shown = (f"{row[key]:.3f}" for key in ("recall@10", "ndcg@10"))
        table.add_row(f"{row['by']} «{row['name']}»", f"{row['targets']:,}", *shown)
    return table
