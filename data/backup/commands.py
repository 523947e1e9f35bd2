"""The `backup` and `restore` commands."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.counting import counted

if TYPE_CHECKING:
    from data.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(backup)
    app.command()(restore)


def backup(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="TO", help="Folder of backups, on another disk.")],
    keep: Annotated[
        int | None, typer.Option(min=1, show_default="all", help="How many to keep there.")
    ] = None,
) -> None:
    """Copy all that cannot be made again, while the service goes on, and verify the copy."""
    from data.backup.making import make_backup

    settings: Settings = context.obj
    typer.echo(make_backup(settings, to, keep))


def restore(
    context: typer.Context,
    from_: Annotated[
        Path, typer.Argument(metavar="FROM", help="A backup, or a folder whose newest is taken.")
    ],
) -> None:
    """Make the workspace, which must be empty, of a backup."""
    from data.backup.restoring import restore_backup

    settings: Settings = context.obj
    manifest = restore_backup(settings, from_)
    typer.echo(
        f"{settings.home} is as it was at {manifest.created}: "
        f"{counted(manifest.rows['decisions'], 'decision')}, "
        f"{counted(manifest.rows['interactions'], 'interaction')}. Not in a backup, and to be set "
        f"again: {', '.join(manifest.left_out)}.",
        err=True,
    )
