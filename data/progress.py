"""How far a long step is, on standard error: a bar on a terminal, else a line now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

Advance = Callable[[int], None]
Progress = Callable[[str, int | None], AbstractContextManager[Advance]]

EVERY: Final = 2.0
"""Seconds between two lines of a log."""


@contextmanager
def progress_bar(what: str, total: int | None) -> Iterator[Advance]:
    """Show how far `what` is; call the yielded function with the number of things just done."""
    from rich.console import Console  # who never waits for anything needs none of it

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(what, total)
        return
    from rich import progress as bars

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
        bars.TextColumn("left"),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)


def _lines(what: str, total: int | None) -> Advance:
    """Print a line every few seconds, so that a log tells how far it is and is not flooded."""
    so_far, told = 0, time.monotonic()

    def advance(done: int) -> None:
        nonlocal so_far, told
        so_far += done
        if time.monotonic() - told >= EVERY:
            told = time.monotonic()
            of = "" if total is None else f" of {total:,}"
            sys.stderr.write(f"{what}: {so_far:,}{of}\n")

    return advance
