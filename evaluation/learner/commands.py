"""The `evaluate learner` command."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import GatewaysError
from evaluation.reporting.options import JsonFile, Page

if TYPE_CHECKING:
    from data.settings import Settings


def learner(
    context: typer.Context,
    dataset: Annotated[Path, typer.Option(help="Dataset folder with interactions.csv.")],
    curve: Annotated[
        str,
        typer.Option(
            "--learning-curve", help="Also fit on so many learners, with commas between them."
        ),
    ] = "",
    json_file: JsonFile = None,
    page: Page = None,
) -> None:
    """Measure how well learners' answers are foretold, in five folds over learners."""
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document
    from data.output_file import check_place
    from data.progress import progress_bar
    from evaluation.learner import figures, protocol
    from evaluation.reporting.figures_file import write_figures
    from evaluation.reporting.figures_page import write_figures_page

    check_place(json_file)
    check_place(page)
    numbers = _numbers(curve)
    settings: Settings = context.obj
    document = open_document(dataset, ReadOptions(max_text=settings.max_text))
    answers = protocol.read_answers(document)
    with progress_bar("Fitting", protocol.FOLDS * (1 + len(protocol.BASELINES))) as bar:
        found = figures.report(answers, bar)
    if numbers:
        with progress_bar("Learning curve", len(numbers) + 1) as bar:
            found["learning_curve"] = figures.learning_curve(answers, numbers, bar)
    _show(found)
    if json_file:
        write_figures(json_file, found)
    if page:
        write_figures_page(page, "learner", found, figures.ENOUGH)


def _numbers(said: str) -> list[int]:
    found = {each.strip() for each in said.split(",") if each.strip()}
    if not all(each.isdecimal() and int(each) for each in found):
        raise GatewaysError(
            f"--learning-curve {said!r}: write whole numbers with commas, as in 5,20,100"
        )
    return sorted({int(each) for each in found})


def _shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def _show(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from evaluation.learner.figures import ENOUGH
    from evaluation.reporting.gaps_view import gaps_table

    console = Console()
    console.print(gaps_table(found, "ECE", "answers", ENOUGH))
    title = f"{found['dataset']} · {found['learners']:,} learners · {found['answers']:,} answers"
    table = Table("model", "AUC", "log loss", "ECE", title=title)
    for name, row in {"this program": found, **found["baselines"]}.items():
        spread = row["deviation"]
        table.add_row(name, *(f"{_shown(row[key])} ± {_shown(spread[key])}" for key in spread))
    console.print(table)
    table = Table("earlier answers on the outcome", "answers", "ECE")
    for name, row in found["by_earlier_answers"].items():
        table.add_row(name, f"{row['answers']:,}", f"{row['ece']:.3f}")
    console.print(table)
    if found["slices"]:
        table = Table("slice", "answers", "AUC", "log loss", "ECE", title="worst calibrated first")
        for row in found["slices"]:
            shown = (_shown(row[key]) for key in ("auc", "log_loss", "ece"))
            table.add_row(f"{row['by']} «{row['name']}»", f"{row['answers']:,}", *shown)
        console.print(table)
    if "learning_curve" in found:
        table = Table("learners", "answers", "start", "logistic", "chosen", title="log loss")
        for row in found["learning_curve"]:
            losses = (f"{loss:.3f}" for loss in row["log_loss"].values())
            table.add_row(f"{row['learners']:,}", f"{row['answers']:,}", *losses)
        console.print(table)
