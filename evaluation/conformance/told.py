"""A report and a profile → plain values, the same in files, on the wire and at a terminal."""

from collections.abc import Sequence
from typing import Any

from evaluation.conformance.checks import PLATFORM, RESOURCE
from evaluation.conformance.findings import Finding, Result
from evaluation.conformance.profile import Profile, Rule, Scope, Severity
from evaluation.conformance.profile_difference import Difference
from evaluation.conformance.report import Report, Ruling, score_of


def report_json(report: Report) -> dict[str, Any]:
    """The report; a share is between 0 and 1, or null where a rule applies to nothing."""
    scores = report.scores
    return {
        "profile": profile_json(report.profile),
        "platform": report.platform,
        "conforms": report.conforms,
        "resources": scores.resources,
        "resources_conforming": scores.conforming,
        "rules_met": {one.value: _rounded(report.share(one)) for one in Severity},
        "mean_of_resources": {one.value: _rounded(scores.mean(one)) for one in Severity},
        "rules": [_ruling(one) for one in report.rulings],
    }


def profile_json(profile: Profile) -> dict[str, Any]:
    """What names a profile."""
    names = ("id", "version", "title", "language", "licence")
    return {name: getattr(profile, name) for name in names}


def resource_json(id_: str, findings: Sequence[tuple[Rule, Finding]]) -> dict[str, Any]:
    """One resource, rule by rule."""
    score = score_of(findings)
    return {
        "resource": id_,
        "conforms": score.conforms,
        "rules_met": {one.value: _rounded(score.share(one)) for one in Severity},
        "rules": [
            {"id": rule.id, "result": finding.result.value, "message": finding.message}
            for rule, finding in findings
        ],
    }


def checks_json() -> dict[str, Any]:
    """Every check: whom it is for, what it looks for, and its parameters with their defaults."""
    return {
        name: {
            "scope": scope.value,
            "about": kind.about(),
            "parameters": {
                key: "required" if value is ... else value
                for key, value in kind.parameters().items()
            },
        }
        for scope, known in ((Scope.RESOURCE, RESOURCE), (Scope.PLATFORM, PLATFORM))
        for name, kind in known.items()
    }


def difference_json(found: Difference) -> dict[str, Any]:
    """What changed from one profile to another."""
    return {
        "added": list(found.added),
        "removed": list(found.removed),
        "changed": {
            one.rule: {name: {"before": old, "after": new} for name, old, new in one.fields}
            for one in found.changed
        },
    }


def _ruling(one: Ruling) -> dict[str, Any]:
    rule = one.rule
    about = {
        "id": rule.id,
        "group": rule.group,
        "title": rule.title,
        "scope": rule.scope.value,
        "severity": rule.severity.value,
    }
    if rule.scope is Scope.PERSON:
        return about
    found = {"result": one.result.value if one.result else None, "mend": rule.mend}
    if rule.scope is Scope.PLATFORM:
        return about | found | {"evidence": one.finding.message if one.finding else ""}
    return (
        about
        | found
        | {
            "counts": {result.value: one.counts.get(result, 0) for result in Result},
            "share": _rounded(one.share),
            "examples": [{"resource": id_, "message": said} for id_, said in one.examples],
        }
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
