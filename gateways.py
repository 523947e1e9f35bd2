"""The command line: composes the rooms' commands, which load what they need when they run."""

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

import data.commands
import evaluation.commands
import models.commands
import service.commands
import training.commands
from data.errors import GatewaysError

app = typer.Typer(
    name="gateways",
    help="Make learning content findable by curriculum.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (data, models, evaluation, training, service):
    room.commands.register(app)


@app.callback()
def _options(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(show_default="$GATEWAYS_HOME or ./gateways-home", help="Workspace folder."),
    ] = None,
) -> None:
    from data.settings import load_settings

    context.obj = load_settings(home=home)
    logging.basicConfig(level="WARNING", format="%(levelname)s %(message)s", stream=sys.stderr)
    for name in ("data", "models", "evaluation", "training", "service"):
        logging.getLogger(name).setLevel(context.obj.log_level)


def main() -> None:
    """Run the command line; a mistake of the user's ends in one line and status 2."""
    try:
        app()
    except (GatewaysError, OSError) as error:
        typer.echo(f"gateways: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
