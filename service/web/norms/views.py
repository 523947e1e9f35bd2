"""A report as its page shows it: by principle, the worst first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from data.catalogue import Catalogue
from data.records import Resource
from evaluation.conformance.findings import Finding, Result
from evaluation.conformance.judging import Question, judged
from evaluation.conformance.profile import Group, Rule, Scope, Severity
from evaluation.conformance.report import Report, Ruling
from evaluation.conformance.wanting import WANTING
from evaluation.conformance.wording import in_language
from service.web.wording import message

RESULTS: Final = {
    Result.FAILED: message("Not met"),
    Result.NOT_KNOWN: message("Not known"),
    Result.PASSED: message("Met"),
    Result.NOT_APPLICABLE: message("Does not apply"),
}
FALLS_SHORT: Final = message("Falls short")
"""What is said where a rule that only should be met is not."""

SEVERITIES: Final = {Severity.MUST: message("Must"), Severity.SHOULD: message("Should")}
COLOURS: Final = {Result.FAILED: "bad", Result.PASSED: "good"}
AT_ONCE: Final = 50
_ORDER: Final = list(RESULTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group's rules, the worst first, and what people must judge."""

    group: Group
    rulings: tuple[Ruling, ...]
    questions: tuple[Rule, ...]

    @property
    def applicable(self) -> int:
        """How many rules a machine can check here."""
        return sum(one.result is not Result.NOT_APPLICABLE for one in self.rulings)

    @property
    def met(self) -> int:
        """How many of them are met."""
        return sum(one.result is Result.PASSED for one in self.rulings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanting:
    """Some of the resources that do not meet a rule, and the id to go on behind."""

    lines: tuple[tuple[Resource, Finding], ...]
    next: str | None


def spoken(report: Report, tag: str) -> Report:
    """The report with its profile in that language, as far as it has texts in it."""
    profile = in_language(report.profile, tag)
    rules = {one.id: one for one in profile.rules}
    rulings = tuple(replace(one, rule=rules[one.rule.id]) for one in report.rulings)
    return replace(report, profile=profile, rulings=rulings)


def sections(report: Report) -> list[Section]:
    """The groups of a profile in their order."""
    found = []
    for group in report.profile.groups:
        here = [one for one in report.rulings if one.rule.group == group.id]
        checked = [one for one in here if one.rule.scope is not Scope.PERSON]
        questions = tuple(one.rule for one in here if one.rule.scope is Scope.PERSON)
        if here:
            ordered = tuple(sorted(checked, key=_badness))
            found.append(Section(group=group, rulings=ordered, questions=questions))
    return found


def wanting(catalogue: Catalogue, question: Question, rule: Rule, after: str) -> Wanting:
    """The next resources behind an id that do not meet a rule, or of which it is not known."""
    alone = question.profile.model_copy(update={"rules": (rule,)})
    asked = Question(
        profile=alone, platform=question.platform, today=question.today, facts=question.facts
    )
    found = list(islice(_wanting(catalogue, asked, after), AT_ONCE + 1))
    shown = tuple(found[:AT_ONCE])
    return Wanting(lines=shown, next=shown[-1][0].id if len(found) > AT_ONCE else None)


def worst_first(findings: Sequence[tuple[Rule, Finding]]) -> list[tuple[Rule, Finding]]:
    """What was found of one resource."""
    return sorted(findings, key=lambda one: (_ORDER.index(one[1].result), _weight(one[0])))


def _wanting(
    catalogue: Catalogue, question: Question, after: str
) -> Iterator[tuple[Resource, Finding]]:
    for seen, findings in judged(catalogue, question, after=after):
        for _, finding in findings:
            if finding.result in WANTING:
                yield seen.resource, finding


def _badness(one: Ruling) -> tuple[bool, int, int, float]:
    place = _ORDER.index(one.result) if one.result else len(_ORDER)
    return (not one.stands_in_the_way, place, _weight(one.rule), one.share or 0.0)


def _weight(rule: Rule) -> int:
    return 0 if rule.severity is Severity.MUST else 1
