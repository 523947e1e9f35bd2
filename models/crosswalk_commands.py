"""The `crosswalk` command."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from models.aligner import Aligner
    from models.crosswalk import Proposed


def crosswalk(
    context: typer.Context,
    framework: Annotated[str, typer.Argument(help="Id of a framework in the index.")],
    other: Annotated[str, typer.Argument(help="Id of the framework to find its outcomes in.")],
    out: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help="Write crosswalk.csv of a dataset folder, to be checked."
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also what would not be shown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Propose which outcomes of two frameworks correspond, and how sure that is."""
    from models.aligner import Aligner
    from models.crosswalk import crosswalk as propose
    from models.open import open_serving

    aligner = Aligner(*open_serving(context.obj))
    found = [one for one in propose(aligner, framework, other) if one.selected or every]
    if out is not None:
        _write(out, found, aligner.fingerprint)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    elif out is None:
        _print(aligner, found)
    typer.echo(f"{len(found):,} correspondences proposed.", err=True)


def _write(out: Path, found: "Sequence[Proposed]", model: str) -> None:
    """A file that an import takes; the confidence is kept beside each line."""
    from data.formats.dataset_folder_writer import csv_line
    from data.growing_file import growing

    header = ("outcome", "other", "match", "agent", "time", "model", "confidence")
    now = str(int(time.time()))
    lines = [
        (one.outcome, one.other, one.match, "model", now, model, f"{one.confidence:.3f}")
        for one in found
    ]
    with growing(out) as file:
        file.writelines(map(csv_line, (header, *lines)))


def _print(aligner: "Aligner", found: "Sequence[Proposed]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("confidence", "outcome", "match", "other", box=None)
    for one in found:
        titles = [aligner.entry(name).outcome.title for name in (one.outcome, one.other)]
        table.add_row(f"{one.confidence:.0%}", titles[0], one.match.value, titles[1])
    Console().print(table)
