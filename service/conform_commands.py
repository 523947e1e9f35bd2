"""The `conform` commands."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.settings import Settings
    from evaluation.conformance.judging import Question, Sink
    from evaluation.conformance.report import Report

conform = typer.Typer(
    help="Judge the catalogue by a profile, rule by rule.", invoke_without_command=True
)
NOT_CONFORMING = 1

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


@conform.callback()
def _judge(
    context: typer.Context,
    platform: Annotated[
        str | None,
        typer.Option(help="Platform or dataset to judge; by default all of them together."),
    ] = None,
    profile: Annotated[str, typer.Option(help="A profile that ships, or a TOML file.")] = "content",
    check_links: Annotated[
        bool, typer.Option("--check-links", help="Ask whether addresses answer; needs a network.")
    ] = False,
    sarif: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Also write SARIF 2.1.0 to this file.")
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Also write JUnit's XML to this file.")
    ] = None,
    resources: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Also write what each resource lacks to this CSV file."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Judge the catalogue by a profile, rule by rule.

    Ends with 0 where it conforms, with 1 where not, and with 2 where it could not be judged.
    """
    if context.invoked_subcommand:
        return
    from data.catalogue import Catalogue
    from data.errors import GatewaysError
    from data.output_file import check_place
    from evaluation.conformance.judging import Question
    from evaluation.conformance.profile_file import open_profile

    opened = open_profile(profile)
    for path in (sarif, junit, resources):
        check_place(path)
    settings: Settings = context.obj

    from service.app import create_app
    from service.norms.facts import facts
    from service.norms.links import ask_links
    from service.web.wording import offered

    question = Question(
        profile=opened,
        platform=platform,
        facts=facts(settings, create_app(settings).routes, offered()),
        links=ask_links if check_links else None,
    )
    with Catalogue.open(settings.catalogue_url) as catalogue:
        if not catalogue.counts()["resources"]:
            raise GatewaysError("the catalogue has no resources to judge; import some first")
        report = _report(catalogue, question, sarif, resources)
    _show(report, junit, as_json=as_json)
    if not report.conforms:
        raise typer.Exit(NOT_CONFORMING)


@conform.command()
def rules(context: typer.Context, as_json: Json = False) -> None:
    """List the checks that a profile may name, facts for them, and the profiles that ship."""
    from evaluation.conformance.profile_file import open_profile, shipped
    from evaluation.conformance.told import checks_json, profile_json
    from evaluation.conformance.view import print_checks
    from service.norms.facts import facts

    profiles = [open_profile(name) for name in shipped()]
    names = sorted(facts(context.obj, (), ()))
    if as_json:
        told = {"checks": checks_json(), "facts": names}
        typer.echo(json.dumps(told | {"profiles": [profile_json(one) for one in profiles]}))
    else:
        print_checks(checks_json(), names, profiles)


@conform.command()
def compare(
    before: Annotated[str, typer.Argument(help="A profile that ships, or a TOML file.")],
    after: Annotated[str, typer.Argument(help="Another.")],
    as_json: Json = False,
) -> None:
    """Tell which rules were added, removed and changed from one profile to another."""
    from evaluation.conformance.profile_difference import difference
    from evaluation.conformance.profile_file import open_profile
    from evaluation.conformance.told import difference_json
    from evaluation.conformance.view import print_difference

    told = difference_json(difference(open_profile(before), open_profile(after)))
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        print_difference(told)


def _report(
    catalogue: "Catalogue", question: "Question", sarif: Path | None, table: Path | None
) -> "Report":
    from data.progress import progress_bar
    from evaluation.conformance.judging import judge
    from evaluation.conformance.sarif import sarif_file
    from evaluation.conformance.wanting import wanting_file

    sinks: list[Sink] = []
    with ExitStack() as stack:
        log = stack.enter_context(sarif_file(sarif, question.profile)) if sarif else None
        if log:
            sinks.append(log.add)
        if table:
            sinks.append(stack.enter_context(wanting_file(table)))
        report = judge(catalogue, question, sinks, progress_bar)
        if log:
            log.finish(report)
    return report


def _show(report: "Report", junit: Path | None, *, as_json: bool) -> None:
    from data.output_file import write_text
    from evaluation.conformance.junit import junit as junit_xml
    from evaluation.conformance.told import report_json

    if junit:
        write_text(junit, junit_xml(report))
    if as_json:
        typer.echo(json.dumps(report_json(report), ensure_ascii=False))
        return
    from rich.console import Console

    from evaluation.conformance.view import print_report

    print_report(report, Console())
