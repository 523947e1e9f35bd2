"""The `freeze` command."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.splits import By

if TYPE_CHECKING:
    from data.settings import Settings


def freeze(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="New folder; by default one of the workspace."),
    ] = None,
    by: Annotated[
        By, typer.Option(help="What is parted: `outcome` leaves no test outcome in train.")
    ] = By.OUTCOME,
    dev: Annotated[float, typer.Option(min=0, max=1, help="Share of dev.")] = 0.1,
    test: Annotated[float, typer.Option(min=0, max=1, help="Share of test.")] = 0.2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Make a dataset of what was accepted and rejected, to train and evaluate on."""
    from data.progress import progress_bar
    from data.workspace import Workspace
    from training.freezing import freeze as freezing

    settings: Settings = context.obj
    with Workspace(settings.home).writing("freeze"):
        frozen = freezing.freeze(settings, out, by=by, dev=dev, test=test, progress=progress_bar)
    if as_json:
        said = {
            "folder": str(frozen.folder),
            "fingerprint": frozen.fingerprint,
            "by": frozen.by,
            "made": frozen.made,
            **frozen.counts,
        }
        typer.echo(json.dumps(said, ensure_ascii=False))
        return
    state = "frozen" if frozen.made else "was frozen before"
    typer.echo(f"{frozen.folder}: {state}; use it with --dataset", err=True)
    for name, found in frozen.counts["splits"].items():
        typer.echo(
            f"  {name}: {found['accepted']:,} accepted, {found['rejected']:,} rejected, "
            f"{found['resources']:,} resources, {found['outcomes']:,} outcomes",
            err=True,
        )
    for why, count in frozen.counts["left_out"].items():
        typer.echo(f"  left out: {count:,} {why}", err=True)
