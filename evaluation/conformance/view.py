"""Reports, checks and differences for a person at a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evaluation.conformance.findings import Result
from evaluation.conformance.profile import Profile, Scope, Severity
from evaluation.conformance.report import Report, Ruling

_SIGNS = {
    Result.PASSED: "[green]met[/]",
    Result.FAILED: "[red]not met[/]",
    Result.NOT_KNOWN: "[yellow]not known[/]",
    Result.NOT_APPLICABLE: "[dim]does not apply[/]",
}


def print_report(report: Report, console: Console) -> None:
    """Rules by group, what people must judge, how to mend what is not met, and the verdict."""
    where = report.platform or "all datasets"
    title = f"{report.profile.title} ({report.profile.id} {report.profile.version}) · {where}"
    table = Table("rule", "", "result", "met", "evidence", title=escape(title))
    for group in report.profile.groups:
        rulings = [one for one in report.rulings if one.rule.group == group.id and one.result]
        if rulings:
            table.add_row(f"[bold]{escape(group.title)}[/]")
        for one in rulings:
            sign = _SIGNS[one.result] if one.result else ""
            share = "" if one.share is None else _percent(one.share)
            said = (one.rule.id, one.rule.severity.value, sign, share, escape(evidence(one)))
            table.add_row(*said)
    console.print(table)
    _print_mending(report, console)
    _print_questions(report, console)
    _print_verdict(report, console)


def evidence(one: Ruling) -> str:
    """What a ruling rests on: the platform's evidence, or counts of resources."""
    if one.finding:
        return one.finding.message
    there = ((each, one.counts.get(each, 0)) for each in Result)
    return ", ".join(f"{count:,} {each.value}" for each, count in there if count)


def print_checks(
    checks: Mapping[str, Mapping[str, Any]], facts: Sequence[str], profiles: Sequence[Profile]
) -> None:
    """The checks that a profile may name, facts for the check `feature`, and what ships."""
    console = Console()
    table = Table("check", "of a", "looks for", "parameters", title="checks")
    for name, one in checks.items():
        given = ", ".join(
            key if value == "required" else f"{key}?" for key, value in one["parameters"].items()
        )
        table.add_row(name, one["scope"], escape(one["about"]), given)
    console.print(table)
    console.print(f"\nfacts: {', '.join(facts)}\n", markup=False)
    table = Table("profile", "version", "rules", "title", title="profiles that ship")
    for profile in profiles:
        count = str(len(profile.rules))
        table.add_row(profile.id, profile.version, count, escape(profile.title))
    console.print(table)


def print_difference(found: Mapping[str, Any]) -> None:
    """Rules added, removed and changed."""
    console = Console()
    for sign, ids in (("+", found["added"]), ("-", found["removed"])):
        for id_ in ids:
            console.print(f"{sign} {id_}", markup=False)
    for id_, fields in found["changed"].items():
        console.print(f"~ {id_}", markup=False)
        for name, values in fields.items():
            said = f"    {name}: {values['before']!r} → {values['after']!r}"
            console.print(said, markup=False, soft_wrap=True)
    if not any(found.values()):
        console.print("Both have the same rules.")


def _print_mending(report: Report, console: Console) -> None:
    wanting = [one for one in report.rulings if one.result is Result.FAILED]
    if not wanting:
        return
    console.print("\n[bold]How to mend what is not met[/]")
    # What must be met comes first, and of that what most resources lack.
    wanting.sort(key=lambda one: (one.rule.severity is not Severity.MUST, one.share or 0.0))
    for one in wanting:
        mend = f": {one.rule.mend}" if one.rule.mend else ""
        console.print(f"  {one.rule.id}{mend}", markup=False, soft_wrap=True)
        for id_, said in one.examples[:3]:
            console.print(f"      {id_}: {said}", markup=False, soft_wrap=True, style="dim")


def _print_questions(report: Report, console: Console) -> None:
    questions = report.of(Scope.PERSON)
    if questions:
        console.print("\n[bold]What people must judge[/]")
    for one in questions:
        console.print(
            f"  ({one.rule.severity.value}) {one.rule.title}", markup=False, soft_wrap=True
        )


def _print_verdict(report: Report, console: Console) -> None:
    scores = report.scores
    must = ", ".join(one.rule.id for one in report.rulings if one.stands_in_the_way)
    # A program must not speak for people.
    checked = "conforms as far as a program can tell" if report.of(Scope.PERSON) else "conforms"
    said = checked if report.conforms else f"does not conform: {must}"
    console.print(
        f"\n{scores.conforming:,} of {scores.resources:,} resources meet all that they must. "
        f"The platform {said}.",
        markup=False,
        soft_wrap=True,
    )


def _percent(share: float) -> str:
    # What is neither none nor all is not rounded to either.
    return f"{share:.0%}" if share in (0, 1) else f"{min(0.99, max(0.01, share)):.0%}"
