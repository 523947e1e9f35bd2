"""One source → the catalogue: resumed where it was left, and only what changed."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from data.catalogue import Catalogue
from data.errors import ConflictError, GatewaysError
from data.harvesting.case_run import CaseRun
from data.harvesting.fetching import Fetcher
from data.harvesting.holding import Check, holding
from data.harvesting.oai_run import OaiRun
from data.harvesting.progress import State
from data.harvesting.run import HarvestReport, Run
from data.progress import Progress
from data.records import Source

RUNS: Final[Mapping[str, type[Run]]] = {"case": CaseRun, "oai": OaiRun}
"""Kind of a source → how it is harvested; frameworks before the resources that name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvester:
    """Harvests sources into a catalogue, within these bounds.

    Records whose identifiers begin with `own` come back to where they are from, and are left out.
    A harvest that takes more than `longest` seconds ends, so that others may write meanwhile.
    """

    catalogue: Catalogue
    fetcher: Fetcher
    max_text: int
    max_pages: int
    progress: Progress
    own: str | None = None
    longest: float = 6 * 3600.0

    def harvest(self, source: Source, *, full: bool = False) -> HarvestReport:
        """Take in what is new since the last complete harvest, or everything if `full`.

        One that was left unfinished is gone on with, unless `full`, which begins anew. Raises
        GatewaysError, which is kept with the source: what was taken in until then stays, and the
        next harvest goes on from there. Raises ConflictError, which is not, where another process
        harvests the source.
        """
        with holding(self.catalogue, source.name) as check:
            return self._harvested(source, check, full=full)

    def _harvested(self, source: Source, check: Check, *, full: bool) -> HarvestReport:
        started = time.time()
        # As it is now: another process may have gone on with it or changed it since it was read.
        source = self.catalogue.sources.get(source.name) or source
        state = replace(State.of(source.state), tried=started, error=None)
        run = RUNS[source.kind](self, source, state, check)
        try:
            with self.progress(f"harvesting {source.name}", None) as advance:
                for done in run.pages(full=full):
                    advance(done)
        except ConflictError:
            raise
        except GatewaysError as error:
            self.catalogue.sources.keep_state(
                source.name, replace(run.state, error=str(error)).kept()
            )
            raise
        return run.report(time.time() - started)
