"""Which version serves, which one would take its place, and whether it may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import NotFoundError
from data.workspace import Workspace
from evaluation.benchmark.comparison import Comparison, Fall
from evaluation.benchmark.report import Report
from models.bundles.published_versions import PublishedVersion, read_versions
from models.bundles.released import Change, champion, champions, history
from service.web.models.measured import compared, newest, report_of, shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The versions of a workspace, newest first; the pointer to the champion is what holds.

    `previous` is the version that rolling back leads to.
    """

    versions: Sequence[PublishedVersion]
    champion: PublishedVersion
    challenger: PublishedVersion | None
    previous: str | None
    history: Sequence[Change]

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing but what ships, and no report of it."""
        return len(self.versions) == 1 and not self.champion.reports

    def version(self, name: str) -> PublishedVersion:
        """The version of that name. Raises NotFoundError."""
        found = next((each for each in self.versions if each.name == name), None)
        if found is None:
            raise NotFoundError(f"no version of the model is called {name!r}")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One version against another on the newest data that both were measured on, if any."""

    before: PublishedVersion
    after: PublishedVersion
    data: str | None
    comparison: Comparison | None
    reports: Mapping[str, Report]

    @property
    def falls(self) -> tuple[Fall, ...]:
        """What is worse by more than may be."""
        return self.comparison.falls() if self.comparison else ()

    @property
    def is_open(self) -> bool:
        """Whether the gate lets the one take the other's place."""
        return self.comparison is not None and not self.comparison.objections()


def standing(home: Path) -> Standing:
    """What stands in a workspace. Raises GatewaysError where a file of it is damaged."""
    workspace = Workspace(home)
    versions = read_versions(workspace.registry)
    by_name = {version.name: version for version in versions}
    serving = by_name.get(champion(workspace.models).version, versions[-1])
    rivals = (each for each in versions if "challenger" in each.aliases and each is not serving)
    served = champions(workspace.models)
    return Standing(
        versions=versions,
        champion=serving,
        challenger=next(rivals, None),
        previous=served[-2].version if len(served) > 1 else None,
        history=history(workspace.models)[::-1],
    )


def trial(before: PublishedVersion, after: PublishedVersion) -> Trial:
    """One version against another."""
    data = shared(before, after)
    if data is None:
        return Trial(before=before, after=after, data=None, comparison=None, reports={})
    return Trial(
        before=before,
        after=after,
        data=data,
        comparison=compared(before, after, data),
        reports={each.name: report_of(each, data) for each in (before, after)},
    )


def newest_report(version: PublishedVersion) -> Report | None:
    """The newest report of a version."""
    data = newest(version)
    return report_of(version, data) if data else None
