"""The `crosswalk` command."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from data.counting import counted

if TYPE_CHECKING:
    from data.settings import Settings
    from models.alignment.aligner import Aligner
    from models.crosswalk.proposing import Proposed

AGENT: Final = "crosswalk"
"""By what name its proposals wait for a curator."""


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
    queue: Annotated[
        bool, typer.Option("--queue", help="Put them before curators, at /curate/crosswalk.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Also what would not be shown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Propose which outcomes of two frameworks correspond, and how sure that is."""
    from data.output_file import check_place
    from models.alignment.aligner import Aligner
    from models.crosswalk.proposing import crosswalk as propose
    from models.snapshots.open import open_serving

    check_place(out)
    aligner = Aligner(*open_serving(context.obj))
    found = [one for one in propose(aligner, framework, other) if one.selected or every]
    if out is not None:
        _write(out, found, aligner.fingerprint)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    elif out is None and not queue:
        _print(aligner, found)
    typer.echo(f"{counted(len(found), 'correspondence')} proposed.", err=True)
    if queue:
        chosen = [one for one in found if one.selected]
        waiting = _queue(context.obj, framework, other, chosen, aligner.fingerprint)
        typer.echo(
            f"{waiting:,} of them {'waits' if waiting == 1 else 'wait'} for a curator.", err=True
        )


def _write(out: Path, found: "Sequence[Proposed]", model: str) -> None:
    """A file that an import takes; the confidence is kept beside each line."""
    from data.formats.dataset_folder_writer import csv_line
    from data.output_file import growing

    header = ("outcome", "other", "match", "agent", "time", "model", "confidence")
    now = str(int(time.time()))
    lines = [
        (one.outcome, one.other, one.match, "model", now, model, f"{one.confidence:.3f}")
        for one in found
    ]
    with growing(out) as file:
        file.writelines(map(csv_line, (header, *lines)))


def _queue(
    settings: "Settings", framework: str, other: str, found: "Sequence[Proposed]", model: str
) -> int:
    """Keep what is proposed instead of what was before; how many lines nobody has spoken of."""
    from data.catalogue import Catalogue
    from data.records import ProposedCorrespondence

    now = time.time()
    lines = [
        ProposedCorrespondence(
            outcome=one.outcome,
            other=one.other,
            match=one.match,
            confidence=one.confidence,
            agent=AGENT,
            model=model,
            time=now,
        )
        for one in found
    ]
    with Catalogue.open(settings.catalogue_url) as catalogue:
        if not lines:
            catalogue.crosswalks.forget(AGENT, framework, other)
        return catalogue.crosswalks.propose(lines)


def _print(aligner: "Aligner", found: "Sequence[Proposed]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("confidence", "outcome", "match", "other", box=None)
    for one in found:
        titles = [aligner.entry(name).outcome.title for name in (one.outcome, one.other)]
        table.add_row(f"{one.confidence:.0%}", titles[0], one.match.value, titles[1])
    Console().print(table)
