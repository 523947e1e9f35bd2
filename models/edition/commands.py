"""The `editions` commands."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.counting import counted

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.settings import Settings
    from models.edition.in_catalogue import CarriedOver, Compared

editions = typer.Typer(help="A newer edition of a framework.", no_args_is_help=True)

Old = Annotated[str, typer.Argument(help="Id of the framework as it was.")]
New = Annotated[str, typer.Argument(help="Id of its newer edition.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


@editions.command()
def diff(
    context: typer.Context,
    old: Old,
    new: New,
    as_json: Json = False,
    csv: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Also write all of it to this CSV file.")
    ] = None,
) -> None:
    """Tell what became of each outcome, and how sure that is."""
    from data.catalogue import Catalogue
    from data.output_file import check_place
    from models.edition.view import told

    check_place(csv)
    with Catalogue.open(context.obj.catalogue_url) as catalogue:
        found = _compared(context.obj, catalogue, old, new)
    if csv is not None:
        _write(csv, found)
    if as_json:
        typer.echo(json.dumps(told(found), ensure_ascii=False, indent=1))
    else:
        _print(found)


@editions.command()
def carry(
    context: typer.Context,
    old: Old,
    new: New,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be carried over.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Carry alignments over to the newer edition where that is sure; curators see the rest."""
    from dataclasses import asdict

    from data.catalogue import Catalogue
    from data.workspace import Workspace
    from models.edition.in_catalogue import carry_over

    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        if dry_run:
            found = _compared(settings, catalogue, old, new)
            done = carry_over(catalogue, found, rehearsal=True)
        else:
            with Workspace(settings.home).writing("editions carry"):
                found = _compared(settings, catalogue, old, new)
                done = carry_over(catalogue, found)
    if as_json:
        typer.echo(json.dumps({**asdict(done.carried), "waiting": done.waiting}))
    else:
        typer.echo(_sentence(done, rehearsal=dry_run), err=True)


def _compared(settings: "Settings", catalogue: "Catalogue", old: str, new: str) -> "Compared":
    from data.progress import progress_bar
    from models.edition.in_catalogue import compare_editions
    from models.snapshots.open import open_encoder

    encoder = open_encoder(settings)
    with progress_bar("Comparing", None) as progress:
        return compare_editions(catalogue, old, new, encoder, progress)


def _write(path: Path, found: "Compared") -> None:
    from data.formats.dataset_folder_writer import csv_line
    from data.output_file import growing
    from models.edition.view import HEADER, lines

    with growing(path) as file:
        file.writelines(map(csv_line, (HEADER, *lines(found))))


def _print(found: "Compared") -> None:
    from rich.console import Console
    from rich.table import Table

    from models.edition.change import Kind
    from models.edition.view import counts

    console = Console()
    summary = Table("became", "changes", "sure", box=None)
    for kind, (there, sure) in counts(found).items():
        summary.add_row(kind.value, f"{there:,}", f"{sure:,}")
    console.print(summary)
    table = Table("became", "", "before", "now", box=None)
    for change in found.changes:
        if change.kind is not Kind.UNCHANGED or not change.sure:
            before, now = (
                "\n".join(found.outcomes[name].title for name in names)
                for names in (change.old, change.new)
            )
            table.add_row(change.kind.value, f"{change.confidence:.0%}", before, now)
    console.print(table)


def _sentence(done: "CarriedOver", *, rehearsal: bool) -> str:
    carried = done.carried
    told = (
        f"{counted(carried.lines, 'successor')} stated, "
        f"{counted(carried.alignments, 'alignment')} and "
        f"{counted(carried.rejections, 'rejection')} carried over, {carried.withdrawn:,} taken "
        f"back; "
        f"{counted(done.waiting, 'line')} waiting for a curator."
    )
    if rehearsal:
        return f"Would be: {told}"
    return f"{told} `gateways index` has suggestions know of it."
