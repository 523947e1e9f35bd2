"""The catalogue: everything that is kept, behind one door."""

from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Select, Table, func, select

from data.catalogue.agreement import Agreement
from data.catalogue.alignments import Alignments
from data.catalogue.audit import Audit
from data.catalogue.changes import Changes
from data.catalogue.claims import Claims
from data.catalogue.copying import copy_out
from data.catalogue.correspondences import Correspondences
from data.catalogue.coverage import Coverage
from data.catalogue.crosswalks import Crosswalks
from data.catalogue.editions import Editions
from data.catalogue.engine import open_engine, place_of
from data.catalogue.experiences import Experiences
from data.catalogue.failures import explained
from data.catalogue.frameworks import Datasets, Frameworks
from data.catalogue.harvests import Harvests
from data.catalogue.intake import Intake, open_intake
from data.catalogue.interactions import Interactions
from data.catalogue.judgements import Judgements
from data.catalogue.keys import Keys
from data.catalogue.learners import Learners
from data.catalogue.ledger import Ledger, what_stands
from data.catalogue.lists import Lists
from data.catalogue.lti import LtiLaunches, LtiPlatforms
from data.catalogue.outcomes import Outcomes
from data.catalogue.platforms import Platforms
from data.catalogue.prerequisites import Prerequisites
from data.catalogue.queue import Queue
from data.catalogue.recommendations import Recommendations
from data.catalogue.register import Register
from data.catalogue.resources import Resources
from data.catalogue.schema import migrate
from data.catalogue.servers import Servers
from data.catalogue.sessions import Sessions
from data.catalogue.sources import Sources
from data.catalogue.statements import Statements
from data.catalogue.store import Store
from data.catalogue.tables import (
    alignments,
    correspondences,
    decisions,
    metadata,
    prerequisites,
    revision,
)
from data.catalogue.tallies import Tallies
from data.catalogue.trail import Trail
from data.catalogue.use import Use

_COUNTED = (
    "frameworks",
    "outcomes",
    "resources",
    "alignments",
    "prerequisites",
    "correspondences",
    "interactions",
    "decisions",
)


class Catalogue:
    """Records in, records out; rows and connections never leave. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.datasets = Datasets(store)
        self.frameworks = Frameworks(store)
        self.outcomes = Outcomes(store)
        self.resources = Resources(store)
        self.changes = Changes(store)
        self.alignments = Alignments(store)
        self.prerequisites = Prerequisites(store)
        self.correspondences = Correspondences(store)
        self.crosswalks = Crosswalks(store)
        self.editions = Editions(store)
        self.interactions = Interactions(store)
        self.experiences = Experiences(store)
        self.statements = Statements(store)
        self.recommendations = Recommendations(store)
        self.learners = Learners(store)
        self.ledger = Ledger(store)
        self.queue = Queue(store)
        self.agreement = Agreement(store)
        self.claims = Claims(store)
        self.coverage = Coverage(store)
        self.lists = Lists(store)
        self.sources = Sources(store)
        self.harvests = Harvests(store)
        self.platforms = Platforms(store)
        self.register = Register(store)
        self.keys = Keys(store)
        self.sessions = Sessions(store)
        self.lti_platforms = LtiPlatforms(store)
        self.lti_launches = LtiLaunches(store)
        self.trail = Trail(store)
        self.tallies = Tallies(store)
        self.judgements = Judgements(store)
        self.use = Use(store)
        self.servers = Servers(store)
        self.audit = Audit(store)

    @classmethod
    def open(cls, url: str) -> "Catalogue":
        """Open the database, made or brought up to date if need be. Raises GatewaysError."""
        engine = open_engine(url)
        try:
            with explained(place_of(engine)):
                migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(Store(engine))

    def close(self) -> None:
        """Close every connection."""
        self._store.close()

    def __enter__(self) -> "Catalogue":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def damage(self) -> str | None:
        """What is to be done about damage that was met since this was opened."""
        return self._store.damage

    def revision(self) -> int:
        """A number that grows with every committed change of outcomes or resources."""
        return int(self._store.only(select(revision.c.value)).value)

    def teaching_mark(self) -> tuple[int, int]:
        """Numbers that change whenever what is taught does: records, alignments, prerequisites."""
        found = self._store.only(select(revision.c.value, revision.c.stated))
        return found.value, found.stated

    def counts(self) -> dict[str, int]:
        """How many rows of each kind are kept and not retired; of decisions, how many stand."""
        with self._store.reading() as connection:
            return {
                name: int(connection.execute(_count(metadata.tables[name])).scalar_one())
                for name in _COUNTED
            }

    def alone(self, job: str) -> AbstractContextManager[None]:
        """Be the only process over this database that publishes an index.

        `job` is what others are told. Raises ConflictError, which says who is at it.
        """
        return self._store.alone(job)

    def copy_to(self, file: Path) -> None:
        """Write one state of all of it to a new SQLite file, while others go on writing."""
        copy_out(self._store.engine, file)

    def intake(self, dataset: str, *, rehearsal: bool = False) -> AbstractContextManager[Intake]:
        """Begin an import of that dataset, batch by batch; a rehearsal leaves nothing behind."""
        return open_intake(self._store, dataset, rehearsal=rehearsal)


def _count(table: Table) -> Select[Any]:
    if table is decisions:
        return what_stands(select(func.count()).select_from(decisions))
    if table in (
        alignments,
        prerequisites,
        correspondences,
    ):  # several sources may state the same one
        same = [column for column in table.primary_key if column.name != "dataset"]
        rows = select(*same).where(table.c.retired_at.is_(None)).distinct()
        return select(func.count()).select_from(rows.subquery())
    rows = select(func.count()).select_from(table)
    return rows.where(table.c.retired_at.is_(None)) if "retired_at" in table.c else rows
