"""What came of judging: every rule with its counts, and whether the platform conforms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evaluation.conformance.findings import Finding, Result
from evaluation.conformance.profile import Profile, Rule, Scope, Severity
from evaluation.conformance.tally import Tally


@dataclass(frozen=True, slots=True)
class Score:
    """How many rules a resource meets of those that apply to it, by severity."""

    passed: Mapping[Severity, int]
    applicable: Mapping[Severity, int]

    def share(self, severity: Severity) -> float | None:
        """The share that it meets; None where none applies."""
        applicable = self.applicable[severity]
        return self.passed[severity] / applicable if applicable else None

    @property
    def conforms(self) -> bool:
        """Whether it meets all that it must."""
        return self.passed[Severity.MUST] == self.applicable[Severity.MUST]


def score_of(findings: Iterable[tuple[Rule, Finding]]) -> Score:
    """The score of one resource."""
    passed, applicable = dict.fromkeys(Severity, 0), dict.fromkeys(Severity, 0)
    for rule, finding in findings:
        applicable[rule.severity] += finding.result is not Result.NOT_APPLICABLE
        passed[rule.severity] += finding.result is Result.PASSED
    return Score(passed, applicable)


@dataclass(slots=True)
class Scores:
    """The scores of all resources, summed up."""

    resources: int = 0
    conforming: int = 0
    _sums: dict[Severity, float] = field(default_factory=lambda: dict.fromkeys(Severity, 0.0))
    _counts: dict[Severity, int] = field(default_factory=lambda: dict.fromkeys(Severity, 0))

    def add(self, findings: Iterable[tuple[Rule, Finding]]) -> None:
        """Take in one resource."""
        score = score_of(findings)
        self.resources += 1
        self.conforming += score.conforms
        for severity in Severity:
            share = score.share(severity)
            if share is not None:
                self._sums[severity] += share
                self._counts[severity] += 1

    def mean(self, severity: Severity) -> float | None:
        """The mean share of rules that a resource meets."""
        count = self._counts[severity]
        return self._sums[severity] / count if count else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A rule and how it came out: with counts and examples of resources, or a finding."""

    rule: Rule
    result: Result | None
    counts: Mapping[Result, int] = field(default_factory=dict)
    share: float | None = None
    finding: Finding | None = None
    examples: tuple[tuple[str, str], ...] = ()

    @property
    def stands_in_the_way(self) -> bool:
        """Whether the platform does not conform because of it."""
        wanting = self.result in (Result.FAILED, Result.NOT_KNOWN)
        return self.rule.severity is Severity.MUST and wanting


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All rules of a profile in their order; `platform` None is all datasets together."""

    profile: Profile
    platform: str | None
    scores: Scores
    rulings: tuple[Ruling, ...]

    @property
    def conforms(self) -> bool:
        """Whether every rule that must be met is; one of which nothing is known is not."""
        return not any(one.stands_in_the_way for one in self.rulings)

    def of(self, scope: Scope) -> list[Ruling]:
        """The rules of a scope, in their order."""
        return [one for one in self.rulings if one.rule.scope is scope]

    def share(self, severity: Severity) -> float | None:
        """The share of a machine's rules of that severity that are met, of those that apply."""
        results = [
            one.result
            for one in self.rulings
            if one.rule.severity is severity and one.result not in (None, Result.NOT_APPLICABLE)
        ]
        return results.count(Result.PASSED) / len(results) if results else None


def report_on(
    profile: Profile,
    platform: str | None,
    scores: Scores,
    tallies: Mapping[str, Tally],
    of_platform: Mapping[str, Finding],
) -> Report:
    """The report of tallies over resources and findings of the platform."""

    def ruling(rule: Rule) -> Ruling:
        if rule.scope is Scope.PERSON:
            return Ruling(rule=rule, result=None)
        if rule.scope is Scope.PLATFORM:
            finding = of_platform[rule.id]
            return Ruling(rule=rule, result=finding.result, finding=finding)
        tally = tallies[rule.id]
        return Ruling(
            rule=rule,
            result=tally.result,
            counts=dict(tally.counts),
            share=tally.share,
            examples=tuple(tally.examples),
        )

    return Report(
        profile=profile, platform=platform, scores=scores, rulings=tuple(map(ruling, profile.rules))
    )
