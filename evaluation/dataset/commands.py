"""The `evaluate hold-out` command."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.errors import GatewaysError

if TYPE_CHECKING:
    from data.settings import Settings


def hold_out(
    context: typer.Context,
    dataset: Annotated[Path, typer.Option(help="Dataset folder.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="New folder for both parts.")],
    subjects: Annotated[
        str | None, typer.Option(help="Subjects to hold out, with commas between them.")
    ] = None,
    share: Annotated[
        float | None, typer.Option(min=0, max=1, help="Instead: a share of the subjects, drawn.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws the share.")] = 0,
    most: Annotated[
        int | None, typer.Option(min=1, show_default="all", help="Resources to learn from at most.")
    ] = None,
) -> None:
    """Part a dataset by subject: OUT/learn to train on, OUT/unseen to measure cold start with."""
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document
    from evaluation.dataset import subjects as choice
    from evaluation.dataset.folder import LEARN, UNSEEN, check_place, write_parted
    from evaluation.dataset.hold_out import fewer, part, read_labelled

    if (subjects is None) == (share is None):
        raise GatewaysError("name what to hold out with --subjects, or a --share of them")
    check_place(out)
    settings: Settings = context.obj
    document = open_document(dataset, ReadOptions(max_text=settings.max_text))
    whole = read_labelled(document)
    there = choice.sizes(whole)
    held = (
        choice.drawn(share or 0, seed, there) if subjects is None else choice.named(subjects, there)
    )
    choice.check(held, there)
    parted = part(whole, held)
    if most is not None:
        parted = replace(parted, learn=fewer(parted.learn, most))
    write_parted(out, parted, document.dataset, held)
    typer.echo(f"held out: {', '.join(sorted(held))}", err=True)
    for name, found in ((LEARN, parted.learn), (UNSEEN, parted.unseen)):
        typer.echo(
            f"  {out / name}: {sum(one.assignable for one in found.outcomes):,} outcomes, "
            f"{len(found.resources):,} resources, {len(found.alignments):,} alignments",
            err=True,
        )
    for what, count in parted.left_out.items():
        typer.echo(f"  left out: {count:,} {what}", err=True)
