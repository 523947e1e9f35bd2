"""The catalogue, judged by a profile: resource by resource, then all of them together."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final, TypeAlias

from data.catalogue import Catalogue
from data.errors import NotFoundError
from data.progress import Progress
from data.records import Alignment, Dataset, Relation, Resource
from evaluation.conformance.checks.base import (
    Covered,
    Fact,
    Platform,
    PlatformCheck,
    ResourceCheck,
    Seen,
)
from evaluation.conformance.findings import NOT_APPLICABLE, Finding
from evaluation.conformance.profile import Profile, Rule, Scope
from evaluation.conformance.report import Report, Scores, report_on
from evaluation.conformance.tally import Tally

Judged: TypeAlias = Sequence[tuple[Rule, Finding]]
Links: TypeAlias = Callable[[Collection[str]], Mapping[str, Finding]]
"""Asks whether addresses answer; those that it leaves out are not known."""
Sink: TypeAlias = Callable[[Resource, Judged], None]

CHUNK: Final = 500
"""Resources whose alignments are read, and whose links are asked for, at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be judged: a platform or all, by which profile, on which day, with what facts.

    `platform` is the id of one in the register, or the name of a dataset.
    """

    profile: Profile
    platform: str | None = None
    today: date = field(default_factory=date.today)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    links: Links | None = None


def judge(
    catalogue: Catalogue,
    question: Question,
    sinks: Iterable[Sink] = (),
    progress: Progress = lambda *_: nullcontext(lambda _: None),
) -> Report:
    """The report; each sink is told of each resource on the way, by id. Raises NotFoundError."""
    check_platform(catalogue, question.platform)
    told = list(sinks)
    tallies = {rule.id: Tally() for rule in question.profile.of(Scope.RESOURCE)}
    scores = Scores()
    served = _Served(catalogue)
    with progress("Judging resources", None) as advance:
        for seen, findings in judged(catalogue, question):
            for rule, finding in findings:
                tallies[rule.id].add(seen.resource.id, finding)
            scores.add(findings)
            served.add(seen)
            for sink in told:
                sink(seen.resource, findings)
            advance(1)
    platform = Platform(
        datasets=_datasets(catalogue, question.platform),
        tallies=tallies,
        languages=dict(served.languages.most_common()),
        frameworks=served.frameworks(whole=question.platform is None),
        facts=question.facts,
    )
    of_platform = {
        rule.id: rule.check(platform)
        for rule in question.profile.of(Scope.PLATFORM)
        if isinstance(rule.check, PlatformCheck)
    }
    return report_on(question.profile, question.platform, scores, tallies, of_platform)


def judged(
    catalogue: Catalogue, question: Question, *, after: str = ""
) -> Iterator[tuple[Seen, Judged]]:
    """Stream each resource behind that id, with what the rules for resources find."""
    rules = question.profile.of(Scope.RESOURCE)
    stream = catalogue.resources.live(_names(catalogue, question.platform), after=after)
    while chunk := list(islice(stream, CHUNK)):
        for seen in _seen(catalogue, question, chunk):
            yield seen, [(rule, find(rule, seen)) for rule in rules]


def judge_one(catalogue: Catalogue, question: Question, resource: Resource) -> Judged:
    """What the rules for resources find of one resource."""
    (seen,) = _seen(catalogue, question, [resource])
    return [(rule, find(rule, seen)) for rule in question.profile.of(Scope.RESOURCE)]


def find(rule: Rule, seen: Seen) -> Finding:
    """What a rule for resources finds of one."""
    if not isinstance(rule.check, ResourceCheck) or not rule.applies(seen.resource):
        return NOT_APPLICABLE
    return rule.check(seen)


def check_platform(catalogue: Catalogue, name: str | None) -> None:
    """Raise NotFoundError if neither a platform nor a dataset has that name."""
    names = [one.id for one in catalogue.platforms.all()]
    names += [one.name for one in catalogue.datasets.all()]
    if name is not None and name not in names:
        there = f"there are {', '.join(names)}" if names else "the catalogue is empty"
        raise NotFoundError(f"platform {name!r} is not in the catalogue; {there}")


def _seen(catalogue: Catalogue, question: Question, chunk: Sequence[Resource]) -> Iterator[Seen]:
    stated: dict[str, list[Alignment]] = defaultdict(list)
    for one in catalogue.alignments.of_resources(resource.id for resource in chunk):
        stated[one.resource].append(one)
    urls = {resource.url for resource in chunk if resource.url}
    answers = question.links(urls) if question.links and urls else {}
    for resource in chunk:
        yield Seen(
            resource=resource,
            alignments=stated[resource.id],
            today=question.today,
            link=answers.get(resource.url or ""),
        )


def _datasets(catalogue: Catalogue, name: str | None) -> list[Dataset]:
    names = _names(catalogue, name)
    return [one for one in catalogue.datasets.all() if names is None or one.name in names]


def _names(catalogue: Catalogue, name: str | None) -> list[str] | None:
    """The datasets of a platform, or the one of that name; None for all."""
    if name is None:
        return None
    is_registered = catalogue.platforms.get(name) is not None
    return catalogue.platforms.datasets_of(name) if is_registered else [name]


class _Served:
    """Which outcomes there are resources for, in which languages."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._titles = {one.id: one.title for one in catalogue.frameworks.all()}
        self._framework = {
            one.id: one.framework for one in catalogue.outcomes.live() if one.assignable
        }
        self._served: dict[str, set[str]] = defaultdict(set)
        self.languages: Counter[str] = Counter()

    def add(self, seen: Seen) -> None:
        """Take in what a resource is for."""
        language = seen.resource.language or ""
        if language:
            self.languages[language] += 1
        for one in seen.alignments:
            if one.relation is not Relation.REQUIRES and one.outcome in self._framework:
                self._served[language].add(one.outcome)

    def frameworks(self, *, whole: bool) -> list[Covered]:
        """Each framework, or only those of which an outcome is served."""
        outcomes = Counter(self._framework.values())
        served = Counter(self._framework[one] for one in set().union(*self._served.values()))
        by_language = {
            language: Counter(self._framework[one] for one in found)
            for language, found in sorted(self._served.items())
            if language
        }
        return [
            Covered(
                title=title,
                outcomes=outcomes[id_],
                served=served[id_],
                by_language={
                    language: counted[id_]
                    for language, counted in by_language.items()
                    if counted[id_]
                },
            )
            for id_, title in self._titles.items()
            if outcomes[id_] and (whole or served[id_])
        ]
