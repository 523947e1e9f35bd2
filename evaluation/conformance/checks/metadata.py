"""Checks of what is stated about a resource."""

import re
from datetime import date
from typing import Final

import langcodes
from pydantic import Field

from data.records import Relation
from evaluation.conformance.checks.base import ResourceCheck, Seen, Words
from evaluation.conformance.fields import stated, words
from evaluation.conformance.findings import Finding, failed, not_known, passed
from models.languages import primary

_AGES: Final = re.compile(r"(?P<least>\d{1,2})(?:\s*[-–]\s*(?P<most>\d{1,2})?|\+)?")
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?")


class Present(ResourceCheck):
    """Fields are filled in: all of them, or any."""

    fields: Words
    any: bool = False

    def __call__(self, seen: Seen) -> Finding:
        """Which are not."""
        missing = [name for name in self.fields if not stated(seen.resource, name)]
        if not missing or (self.any and len(missing) < len(self.fields)):
            return passed()
        return failed("not stated: %(fields)s", fields=", ".join(missing))


class Declares(ResourceCheck):
    """An accessibility feature is declared in a list of features, or in a field of its own."""

    features: Words
    lists: Words = ("accessibilityFeature",)
    fields: tuple[str, ...] = Field((), strict=False)

    def __call__(self, seen: Seen) -> Finding:
        """Whether it is in one of the lists, or a field says more than false."""
        wanted = {one.casefold() for one in self.features}
        listed = {said.casefold() for name in self.lists for said in words(seen.resource, name)}
        told = [value for name in self.fields for value in stated(seen.resource, name)]
        if wanted & listed or any(value is not False for value in told):
            return passed()
        return failed("not declared: %(features)s", features=", ".join(self.features))


class Language(ResourceCheck):
    """The language is stated as a well-formed BCP 47 tag of a language that exists."""

    def __call__(self, seen: Seen) -> Finding:
        """What is wrong with the tag."""
        tag = seen.resource.language
        if not tag:
            return failed("no language is stated")
        if not langcodes.tag_is_valid(tag) or not primary(tag):
            return failed("«%(tag)s» is not the tag of a language", tag=tag)
        return passed()


class AgeRange(ResourceCheck):
    """Levels or an age range such as 8-11 are stated."""

    fields: Words = ("typicalAgeRange", "educationalLevel")

    def __call__(self, seen: Seen) -> Finding:
        """Whether there is one, and an age range goes upwards."""
        if seen.resource.levels:
            return passed()
        said = [value for name in self.fields for value in words(seen.resource, name)]
        if not said:
            return failed("neither levels nor an age range are stated")
        for value in said:
            ages = _AGES.fullmatch(value.strip())
            if ages and ages["most"] and int(ages["most"]) < int(ages["least"]):
                return failed("the age range %(said)s ends before it begins", said=value)
        return passed()


class Aligned(ResourceCheck):
    """It is aligned to outcomes: stated by its source or accepted by a curator."""

    at_least: int = Field(1, ge=1)

    def __call__(self, seen: Seen) -> Finding:
        """How many outcomes it teaches or assesses."""
        outcomes = {one.outcome for one in seen.alignments if one.relation is not Relation.REQUIRES}
        if len(outcomes) >= self.at_least:
            return passed()
        return failed(
            "aligned to %(there)s outcomes, %(wanted)s wanted",
            there=len(outcomes),
            wanted=self.at_least,
        )


class Fresh(ResourceCheck):
    """It was made, changed or reviewed in the last years."""

    years: float = Field(5.0, gt=0, strict=False)
    fields: Words = (
        "dateModified",
        "dateReviewed",
        "lastReviewed",
        "datePublished",
        "dateCreated",
    )

    def __call__(self, seen: Seen) -> Finding:
        """How old the newest of its dates is."""
        said = [value for name in self.fields for value in words(seen.resource, name)]
        days = [day for day in map(_day, said) if day and day <= seen.today]
        if not days:
            return not_known("no date that tells its age is stated")
        newest = max(days)
        if (seen.today - newest).days > self.years * 365.25:
            return failed("last changed on %(day)s", day=newest.isoformat())
        return passed()


def _day(text: str) -> date | None:
    """The first day that a date in ISO 8601 may mean."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        return None
    try:
        return date(*(int(part or 1) for part in found.groups()))
    except ValueError:
        return None
