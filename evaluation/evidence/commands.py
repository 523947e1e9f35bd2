"""The `evidence` command."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.errors import GatewaysError

if TYPE_CHECKING:
    from data.settings import Settings
    from evaluation.evidence.report import Report


def evidence(
    context: typer.Context,
    platform: Annotated[
        str | None, typer.Option(help="Tell of one platform; by default of all of them.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Folder for the report as JSON, CSV and HTML."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Make the public report on what platforms hold and what becomes of it, and keep it.

    `/evidence` shows the report that was made last.
    """
    from data.catalogue import Catalogue
    from data.output_file import check_folder
    from data.workspace import Workspace
    from evaluation.evidence.kept import Kept, written
    from evaluation.evidence.making import make
    from evaluation.evidence.outputs import write_all
    from evaluation.evidence.privacy import Privacy

    if out:
        check_folder(out)
    settings: Settings = context.obj
    kept = Kept(Workspace(settings.home).evidence)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        privacy = Privacy(
            least=settings.evidence_min_cell,
            epsilon=settings.evidence_epsilon,
            secret=b"" if settings.evidence_epsilon is None else kept.secret(),
        )
        try:
            before = kept.read()
        except GatewaysError as error:
            typer.echo(f"{error}; nothing is compared with it", err=True)
            before = None
        whole = make(catalogue, privacy, before)
    chosen = whole if platform is None else whole.of(platform)
    kept.keep(whole)
    if out:
        write_all(out, chosen, platform)
    if as_json:
        typer.echo(written(chosen), nl=False)
    else:
        _show(chosen, platform)


def _show(report: "Report", platform: str | None) -> None:
    from rich.console import Console

    from evaluation.evidence.figure import ALL
    from evaluation.evidence.terminal import overview

    ids = [platform] if platform else [ALL, *(one.id for one in report.platforms)]
    Console().print(overview(report, ids))
