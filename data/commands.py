"""The `import`, `decide` and `export` commands."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data import audit_commands, key_commands, platform_commands
from data.backup import commands as backing_up
from data.errors import GatewaysError, NotFoundError
from data.harvesting import commands as harvesting
from data.records import Decision, RejectionReason, Verdict

if TYPE_CHECKING:
    from data.formats.protocol import Refusal
    from data.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


class Kind(StrEnum):
    """What the rows of a table are."""

    RESOURCES = "resources"
    OUTCOMES = "outcomes"


class What(StrEnum):
    """What is exported."""

    CATALOGUE = "catalogue"
    DECISIONS = "decisions"
    ALIGNMENTS = "alignments"
    LRMI = "lrmi"
    CASE = "case"


class CaseVersion(StrEnum):
    """The versions of CASE that are written."""

    V1_0 = "1.0"
    V1_1 = "1.1"


def register(app: typer.Typer) -> None:
    """Add this room's commands to the program."""
    app.command("import")(import_)
    app.command()(decide)
    app.command()(export)
    harvesting.register(app)
    platform_commands.register(app)
    key_commands.register(app)
    backing_up.register(app)
    audit_commands.register(app)


def import_(
    context: typer.Context,
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH|URL", help="A dataset folder, a table, or a file of another format."
        ),
    ],
    format_: Annotated[str, typer.Option("--format", help="`auto` looks at the path.")] = "auto",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would happen; change nothing.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Retire rows that the dataset has no longer.")
    ] = False,
    kind: Annotated[Kind | None, typer.Option(help="What the rows of a table are.")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="OURS=THEIRS", help="Which column of a table holds a field."),
    ] = None,
    default: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=VALUE", help="Value where a row has none."),
    ] = None,
    make_ids: Annotated[
        bool,
        typer.Option("--make-ids", help="Make ids for rows of a table that have none."),
    ] = False,
    refusals: Annotated[
        Path | None, typer.Option(help="File for all refusals, a line each.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option(help="Id of the platform that the dataset is of from now on.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take in a dataset: new rows are added, changed ones updated, bad ones refused."""
    from data.catalogue import Catalogue
    from data.formats.protocol import ReadOptions
    from data.harvesting.fetched import opened
    from data.importing.importer import import_document
    from data.importing.report_view import print_report, report_json
    from data.progress import progress_bar
    from data.workspace import Workspace

    settings: Settings = context.obj
    options = ReadOptions(
        kind=kind.value if kind else None,
        columns=_pairs(column, "--column"),
        defaults=_pairs(default, "--default"),
        make_ids=make_ids,
        max_text=settings.max_text,
        sites=(settings.public_url,),
    )
    with ExitStack() as stack:
        document = stack.enter_context(opened(path, options, format_, settings))
        if not dry_run:
            stack.enter_context(Workspace(settings.home).writing("import"))
        catalogue = stack.enter_context(Catalogue.open(settings.catalogue_url))
        report = import_document(
            catalogue,
            document,
            dry_run=dry_run,
            prune=prune,
            platform=platform,
            learner_key=settings.learner_key,
            progress=progress_bar,
            on_refusal=stack.enter_context(_writer(refusals)),
        )
    if as_json:
        typer.echo(json.dumps(report_json(report), ensure_ascii=False))
    else:
        print_report(report)
    if report.refused and not report.taken:
        raise typer.Exit(2)


def decide(
    context: typer.Context,
    verdict: Annotated[Verdict, typer.Argument(help="`undo` withdraws the one before.")],
    resource: Annotated[str, typer.Option(help="Id of the resource.")],
    outcome: Annotated[str, typer.Option(help="Id of the outcome.")],
    reason: Annotated[RejectionReason | None, typer.Option(help="Why it is rejected.")] = None,
    note: Annotated[str, typer.Option(help="Free text that is kept with it.")] = "",
    suggestion: Annotated[
        str | None, typer.Option(help="Id of the list in which it was seen.")
    ] = None,
    curator: Annotated[str, typer.Option(help="Who decides.")] = "cli",
    as_json: Json = False,
) -> None:
    """Decide on a resource and an outcome: accept, reject, defer, or undo what was decided."""
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        showing = catalogue.ledger.showing(suggestion) if suggestion else None
        if suggestion and showing is None:
            raise NotFoundError(f"no suggestions were shown under the id {suggestion!r}")
        kept = catalogue.ledger.decide(
            Decision(
                resource=resource,
                outcome=outcome,
                verdict=verdict,
                reason=reason,
                note=note,
                curator=curator,
                time=time.time(),
                showing=showing,
            )
        )
    if as_json:
        typer.echo(json.dumps(_decision_json(kept), ensure_ascii=False))
    else:
        typer.echo(f"Decision {kept.id}: {verdict.value} {outcome} for {resource}.", err=True)


def export(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="A new folder, or a file.")],
    what: Annotated[
        What,
        typer.Option(
            help="`catalogue` makes a dataset folder, `case` a CFPackage, `lrmi` JSON lines, the "
            "others a CSV file."
        ),
    ] = What.CATALOGUE,
    framework: Annotated[
        str | None, typer.Option(help="Id of the framework that `case` writes.")
    ] = None,
    crosswalk: Annotated[
        str, typer.Option(help="In `case`: to the framework of this id, to `all` or to `none`.")
    ] = "all",
    alignments: Annotated[
        bool, typer.Option("--alignments", help="In `case`: name the resources, too.")
    ] = False,
    case_version: Annotated[CaseVersion, typer.Option(help="Of CASE.")] = CaseVersion.V1_0,
) -> None:
    """Write the catalogue, the ledger, the alignments or a framework to files."""
    from data import exporter, lrmi_exporter
    from data.case_exporter import CaseChoice, export_case
    from data.catalogue import Catalogue

    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        if what is What.CASE:
            if framework is None:
                raise GatewaysError("export: name the framework with --framework ID")
            choice = CaseChoice(
                version=case_version.value, crosswalk=crosswalk, alignments=alignments
            )
            export_case(catalogue, out, framework, settings.public_url, choice)
        else:
            write = {
                What.CATALOGUE: exporter.export_catalogue,
                What.DECISIONS: exporter.export_decisions,
                What.ALIGNMENTS: exporter.export_alignments,
                What.LRMI: lrmi_exporter.export_lrmi,
            }[what]
            write(catalogue, out)
    typer.echo(f"Wrote {what.value} to {out}.", err=True)


def _pairs(given: Sequence[str] | None, option: str) -> dict[str, str]:
    pairs = {}
    for pair in given or ():
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise GatewaysError(f"{option} {pair}: write it as NAME=VALUE")
        pairs[name] = value
    return pairs


@contextmanager
def _writer(file: Path | None) -> "Iterator[Callable[[Refusal], None] | None]":
    if file is None:
        yield None
        return
    try:
        out = file.open("w", encoding="utf-8")
    except OSError as error:
        raise GatewaysError(f"{file}: cannot be written: {error.strerror}") from None
    with out:
        yield lambda refusal: print(refusal, file=out)


def _decision_json(decision: Decision) -> dict[str, object]:
    return {
        "id": decision.id,
        "resource": decision.resource,
        "outcome": decision.outcome,
        "decision": decision.verdict.value,
        "reason": decision.reason.value if decision.reason else None,
        "note": decision.note,
        "curator": decision.curator,
        "time": decision.time,
        "framework_fingerprint": decision.framework_fingerprint,
    }
