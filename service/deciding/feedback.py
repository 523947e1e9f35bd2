"""Documents whose subjects are known → resources, and decisions that accept their outcomes."""

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from data.formats.lrmi.alignments import outcome_named
from data.records import Decision, Outcome, Resource, Verdict
from service.access.admitting import admitted
from service.access.territory import check_making
from service.http.problems import InvalidError
from service.parts import Parts

LONGEST_TITLE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A text, and the outcomes that a person found for it, by id or address."""

    text: str
    subjects: tuple[str, ...]


def learn(parts: Parts, framework: str, documents: Sequence[Indexed], curator: str) -> None:
    """Keep each document that has subjects as a resource of ours, accepted for them.

    Its id is made of its text, so the same document is one resource however often it comes, and
    what was accepted is not accepted again. Raises InvalidError for a subject that is no outcome of
    the framework; then nothing is kept.
    """
    check_making(parts)
    named = [document for document in documents if document.subjects]
    outcomes = _outcomes(parts, framework, named)
    resources = [_resource(parts, document.text) for document in named]
    there = parts.catalogue.resources.many(resource.id for resource in resources)
    for resource in {one.id: one for one in resources if one.id not in there}.values():
        parts.catalogue.resources.create(resource)
    pairs = {
        (resource.id, outcomes[subject].id): None
        for resource, document in zip(resources, named, strict=True)
        for subject in document.subjects
    }
    now = time.time()
    made = parts.catalogue.ledger.decide_all(
        [
            Decision(
                resource=resource,
                outcome=outcome,
                verdict=Verdict.ACCEPT,
                curator=curator,
                time=now,
            )
            for resource, outcome in _undecided(parts, pairs)
        ]
    )
    parts.metrics.decisions.labels(Verdict.ACCEPT.value).inc(len(made))


def _outcomes(parts: Parts, framework: str, documents: Iterable[Indexed]) -> dict[str, Outcome]:
    """Subject → outcome."""
    places = {
        subject: f"#/{number}/subjects/{place}/uri"
        for number, document in enumerate(documents)
        for place, subject in enumerate(document.subjects)
    }
    names = {subject: outcome_named(subject) or subject for subject in places}
    found = parts.catalogue.outcomes.many({*names, *names.values()})
    outcomes = {}
    for subject, name in names.items():
        outcome = found.get(subject) or found.get(name)
        if outcome is None or outcome.framework != framework or not outcome.assignable:
            raise InvalidError(
                places[subject], f"{subject!r} is no outcome of {framework!r} to align to"
            )
        outcomes[subject] = outcome
    return outcomes


def _resource(parts: Parts, text: str) -> Resource:
    """The resource of a text: its first line is the title, if it is not too long for one."""
    name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
    first, _, rest = text.strip().partition("\n")
    if len(first) > LONGEST_TITLE:
        first, rest = f"{first[:LONGEST_TITLE].rsplit(maxsplit=1)[0]} …", text
    return admitted(parts.settings, {"id": f"text-{name}", "title": first, "text": rest.strip()})


def _undecided(parts: Parts, pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Those pairs of a resource and an outcome that are not accepted yet."""
    standing = {
        resource: parts.catalogue.ledger.standing(resource)
        for resource in dict.fromkeys(resource for resource, _ in pairs)
    }
    for resource, outcome in pairs:
        decided = standing[resource].get(outcome)
        if decided is None or decided.verdict is not Verdict.ACCEPT:
            yield resource, outcome
