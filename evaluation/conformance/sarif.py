"""What is wanting as SARIF 2.1.0, written while resources are judged."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO
from urllib.parse import quote

from data.output_file import growing
from data.records import Resource
from evaluation.conformance.findings import Finding, Result
from evaluation.conformance.profile import Profile, Rule, Scope, Severity
from evaluation.conformance.report import Report

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.MUST: "error", Severity.SHOULD: "warning"}


class Sarif:
    """A log of one run; what fails is an error if it must not, what people judge is for review."""

    def __init__(self, file: TextIO, profile: Profile) -> None:
        self._file = file
        self._places = {rule.id: place for place, rule in enumerate(profile.rules)}
        self._is_first = True
        head = {
            "tool": {"driver": _driver(profile)},
            "automationDetails": {"id": f"gateways/conform/{profile.id}/"},
            "columnKind": "utf16CodeUnits",
        }
        opened = json.dumps(head, ensure_ascii=False)[:-1]
        file.write(f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{opened}, "results": [')

    def add(self, resource: Resource, findings: Sequence[tuple[Rule, Finding]]) -> None:
        """Write what a resource lacks."""
        for rule, finding in findings:
            if finding.result is Result.FAILED:
                self._write(rule, finding.message, _of_resource(resource.id), "fail")

    def finish(self, report: Report) -> None:
        """Write what the platform lacks and what people must judge, and close the log."""
        place = _of_platform(report.platform)
        for one in report.rulings:
            if one.rule.scope is Scope.PERSON:
                self._write(one.rule, one.rule.title, place, "review")
            elif one.finding and one.result is Result.FAILED:
                self._write(one.rule, one.finding.message, place, "fail")
            elif one.stands_in_the_way and one.result is Result.NOT_KNOWN:
                said = one.finding.message if one.finding else "not known of every resource"
                self._write(one.rule, said, place, "open")
        self._file.write("\n]}]}\n")

    def _write(self, rule: Rule, said: str, place: dict[str, Any], kind: str) -> None:
        key = "\n".join((rule.id, json.dumps(place, sort_keys=True)))
        found = {
            "ruleId": rule.id,
            "ruleIndex": self._places[rule.id],
            "kind": kind,
            "level": _LEVELS[rule.severity] if kind == "fail" else "none",
            "message": {"text": f"{rule.title}: {said}" if said != rule.title else said},
            "locations": [place],
            "partialFingerprints": {"ruleAndPlace/v1": hashlib.sha256(key.encode()).hexdigest()},
        }
        self._file.write(
            ("\n" if self._is_first else ",\n") + json.dumps(found, ensure_ascii=False)
        )
        self._is_first = False


@contextmanager
def sarif_file(path: Path, profile: Profile) -> Iterator[Sarif]:
    """A log that takes its place once it is finished. Raises GatewaysError."""
    with growing(path) as file:
        yield Sarif(file, profile)


def _driver(profile: Profile) -> dict[str, Any]:
    return {
        "name": "gateways conform",
        "rules": [_descriptor(rule) for rule in profile.rules],
        "properties": {"profile": profile.id, "profileVersion": profile.version},
    }


def _descriptor(rule: Rule) -> dict[str, Any]:
    told = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "group": rule.group,
            "scope": rule.scope.value,
            "severity": rule.severity.value,
        },
    }
    if rule.why:
        told["fullDescription"] = {"text": rule.why}
    if rule.mend:
        told["help"] = {"text": rule.mend}
    return told


def _of_resource(id_: str) -> dict[str, Any]:
    return _place(f"resources/{quote(id_)}", id_, "resource")


def _of_platform(name: str | None) -> dict[str, Any]:
    return _place("resources", name or "all datasets", "platform")


def _place(address: str, name: str, kind: str) -> dict[str, Any]:
    return {
        "physicalLocation": {"artifactLocation": {"uri": address}},
        "logicalLocations": [{"fullyQualifiedName": name, "kind": kind}],
    }
