"""A report as JUnit's XML: a suite for each group of rules, a case for each rule."""

import re
from typing import Final
from xml.etree import ElementTree as Xml

from evaluation.conformance.findings import Result
from evaluation.conformance.report import Report, Ruling

_NOT_XML: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> str:
    """Only what stands in the way of conforming is a failure; what else is wanting is skipped."""
    root = Xml.Element("testsuites", name=f"{report.profile.id} {report.profile.version}")
    for group in report.profile.groups:
        rulings = [one for one in report.rulings if one.rule.group == group.id]
        if not rulings:
            continue
        suite = Xml.SubElement(root, "testsuite", name=_clean(group.title))
        for one in rulings:
            _case(suite, one, f"{report.profile.id}.{group.id}")
        _count(suite)
    _count(root)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: Xml.Element, one: Ruling, place: str) -> None:
    name = _clean(f"{one.rule.id}: {one.rule.title}")
    case = Xml.SubElement(suite, "testcase", classname=place, name=name, time="0")
    if one.stands_in_the_way:
        failure = Xml.SubElement(case, "failure", type=one.rule.severity.value)
        failure.set("message", _clean(_summary(one)))
        lines = [f"{id_}: {said}" for id_, said in one.examples]
        failure.text = _clean("\n".join([*lines, one.rule.mend]))
    elif one.result not in (Result.PASSED,):
        said = "a person must judge" if one.result is None else _summary(one)
        Xml.SubElement(case, "skipped", message=_clean(said))


def _summary(one: Ruling) -> str:
    said = f"{one.rule.severity.value}: {one.result.value}" if one.result else ""
    if one.finding:
        return f"{said}, {one.finding.message}" if one.finding.message else said
    wanting = (Result.FAILED, Result.NOT_KNOWN)
    counts = ", ".join(
        f"{one.counts[each]:,} {each.value}" for each in wanting if each in one.counts
    )
    return f"{said} ({counts})" if counts else said


def _count(element: Xml.Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        element.set(name, str(sum(1 for _ in element.iter(tag))))
    element.set("errors", "0")


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
