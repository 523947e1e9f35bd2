"""The `audit` commands: whether the record of what was decided and done is as it was written."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.errors import GatewaysError
from data.json_text import parsed

if TYPE_CHECKING:
    from data.catalogue.chain import Entry
    from data.settings import Settings

audit = typer.Typer(
    help="The trail of what was decided and done, which nobody can change unseen.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(audit, name="audit")


@audit.command("head")
def head(context: typer.Context) -> None:
    """Print the newest entry as NUMBER:HASH; write it down where nobody here can change it."""
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        last = catalogue.audit.head()
    if last is None:
        raise GatewaysError("audit: nothing has happened yet")
    typer.echo(f"{last.number}:{last.hash}")


@audit.command("verify")
def verify(
    context: typer.Context,
    head_: Annotated[
        str | None,
        typer.Option("--head", metavar="NUMBER:HASH", help="A head that was written down."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Look at an exported trail, not at the catalogue.")
    ] = None,
) -> None:
    """Name every entry that was changed, removed or put elsewhere; status 1 if there is one."""
    from data.catalogue import Catalogue
    from data.catalogue.chain import broken

    number, hash_ = _head(head_) if head_ else (None, "")
    found = 0
    if file is not None:
        for fault in broken(_read(file, number, hash_)):
            typer.echo(fault)
            found += 1
    else:
        settings: Settings = context.obj
        with Catalogue.open(settings.catalogue_url) as catalogue:
            for fault in catalogue.audit.faults(number, hash_):
                typer.echo(fault)
                found += 1
    if found:
        raise typer.Exit(1)
    typer.echo("The trail is as it was written.", err=True)


@audit.command("export")
def export(
    context: typer.Context, out: Annotated[Path, typer.Argument(help="A new file.")]
) -> None:
    """Write every entry as a line of JSON; the last line's hash stands for them all."""
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    last = "empty"
    with Catalogue.open(settings.catalogue_url) as catalogue:
        try:
            with out.open("x", encoding="utf-8") as lines:
                for entry in catalogue.audit.entries():
                    print(json.dumps(asdict(entry)), file=lines)
                    last = f"{entry.number}:{entry.hash}"
        except OSError as error:
            raise GatewaysError(f"{out}: cannot be written: {error.strerror}") from None
    typer.echo(f"Wrote the trail to {out}; its head is {last}.", err=True)


def _head(given: str) -> tuple[int, str]:
    number, colon, hash_ = given.partition(":")
    if not (colon and number.isdecimal() and len(hash_) == 64):
        raise GatewaysError(f"--head {given}: write it as `gateways audit head` prints it")
    return int(number), hash_


def _read(file: Path, number: int | None, hash_: str) -> "Iterator[Entry]":
    """Entries of a file. Raises GatewaysError for a line that is none, or another head."""
    from data.catalogue.chain import Entry

    seen = number is None
    try:
        with file.open(encoding="utf-8") as lines:
            for place, line in enumerate(lines, 1):
                try:
                    entry = Entry(**parsed(line))
                    entry = Entry(**{**asdict(entry), "number": int(entry.number)})
                except (ValueError, TypeError):
                    raise GatewaysError(f"{file}:{place}: not an entry of a trail") from None
                seen = seen or (entry.number, entry.hash) == (number, hash_)
                yield entry
    except (OSError, UnicodeDecodeError) as error:
        raise GatewaysError(f"{file}: cannot be read: {error}") from None
    if not seen:
        raise GatewaysError(f"{file}: entry {number} is not the one that was written down")
