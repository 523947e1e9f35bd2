"""Options that several commands have, so that they read and behave alike."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

JsonFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--json", dir_okay=False, help="Also write the figures to this JSON file."),
]
Page: TypeAlias = Annotated[
    Path | None,
    typer.Option("--report", dir_okay=False, help="Also write a page (HTML) to this file."),
]
