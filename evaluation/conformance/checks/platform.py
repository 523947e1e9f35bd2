"""Checks of all resources together, and of the program that serves them."""

from collections.abc import Mapping

from pydantic import Field

from evaluation.conformance.checks.base import Covered, Platform, PlatformCheck, Share
from evaluation.conformance.findings import (
    NOT_APPLICABLE,
    Finding,
    Result,
    failed,
    not_known,
    passed,
)


class ShareOf(PlatformCheck):
    """A rule for resources is met by at least a share of those to which it applies."""

    rule: str
    at_least: Share

    def __call__(self, platform: Platform) -> Finding:
        """How many meet it; one of which nothing is known does not."""
        tally = platform.tallies[self.rule]
        if tally.share is None:
            return NOT_APPLICABLE
        if tally.counts[Result.NOT_KNOWN] == tally.applicable:
            return not_known("none of %(all)s resources tells", all=tally.applicable)
        return (passed if tally.share >= self.at_least else failed)(
            "%(passed)s of %(all)s resources; %(wanted)s of a hundred are wanted",
            passed=tally.counts[Result.PASSED],
            all=tally.applicable,
            wanted=round(100 * self.at_least, 1),
        )


class CoverageOf(PlatformCheck):
    """Of each framework a share of the outcomes has a resource, in any language or in each."""

    at_least: Share
    each_language: bool = False

    def __call__(self, platform: Platform) -> Finding:
        """How many outcomes of each framework are served, and in which languages."""
        if not platform.frameworks:
            return failed("no outcome has a resource")
        enough = all(
            one.outcomes * self.at_least <= served
            for one in platform.frameworks
            for served in self._counted(one, platform)
        )
        told = "; ".join(
            f"{one.title}: {one.served} of {one.outcomes}{_languages(one.by_language)}"
            for one in platform.frameworks
        )
        return (passed if enough else failed)("%(frameworks)s", frameworks=told)

    def _counted(self, one: Covered, platform: Platform) -> list[int]:
        if not self.each_language:
            return [one.served]
        return [one.by_language.get(language, 0) for language in platform.languages]


class Languages(PlatformCheck):
    """There are resources in at least so many languages."""

    at_least: int = Field(ge=1)
    resources: int = Field(1, ge=1)

    def __call__(self, platform: Platform) -> Finding:
        """Which languages have at least so many resources."""
        there = [tag for tag, count in platform.languages.items() if count >= self.resources]
        told = ", ".join(there) or "–"
        return (passed if len(there) >= self.at_least else failed)(
            "languages: %(count)s (%(languages)s)", count=len(there), languages=told
        )


class LicenceStated(PlatformCheck):
    """Every dataset states its licence."""

    def __call__(self, platform: Platform) -> Finding:
        """Which do not."""
        return _all_state(platform, {one.name: one.license for one in platform.datasets})


class AttributionStated(PlatformCheck):
    """Every dataset states whom to name."""

    def __call__(self, platform: Platform) -> Finding:
        """Which do not."""
        return _all_state(platform, {one.name: one.attribution for one in platform.datasets})


class Feature(PlatformCheck):
    """A fact of the running program holds; `gateways conform rules` lists them."""

    fact: str

    def __call__(self, platform: Platform) -> Finding:
        """What shows it."""
        known = platform.facts.get(self.fact)
        if known is None:
            return not_known("«%(fact)s» is no fact that this program tells", fact=self.fact)
        return (passed if known.holds else failed)("%(evidence)s", evidence=known.evidence)


def _all_state(platform: Platform, stated: Mapping[str, str | None]) -> Finding:
    if not platform.datasets:
        return NOT_APPLICABLE
    missing = [name for name, said in stated.items() if not (said or "").strip()]
    if missing:
        return failed("not stated: %(fields)s", fields=", ".join(missing))
    told = "; ".join(f"{name}: {said}" for name, said in stated.items())
    return passed("%(stated)s", stated=told)


def _languages(counts: Mapping[str, int]) -> str:
    told = ", ".join(f"{language} {count}" for language, count in counts.items())
    return f" ({told})" if told else ""
