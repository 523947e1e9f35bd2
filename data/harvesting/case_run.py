"""A source that speaks CASE → a dataset for each of its frameworks, package by package."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from data.counting import counted
from data.errors import GatewaysError
from data.formats.case.mapping import identifier_of
from data.formats.case.writer import FRAMEWORK
from data.formats.fields import ID_LIMIT, shown
from data.formats.protocol import Document, R, ReadOptions, Refusal, Row
from data.harvesting.case_server import CaseServer, Listed
from data.harvesting.fetched import fetch, open_fetched
from data.harvesting.local_names import LocalDocument, ids_at_home
from data.harvesting.run import Run
from data.importing.importer import import_document
from data.importing.report import ImportReport
from data.records import Correspondence, Dataset, Framework, Outcome, Prerequisite, Record

FAILURES: Final = 20
"""How many packages may fail one after the other: the server is then taken for gone.

Those that failed are tried after all others in the next harvest, so that they hide none for ever.
"""

_FATES: Final = ("new", "changed", "unchanged", "retired")


@dataclass(slots=True)
class CaseRun(Run):
    """Harvests the packages of a server, of which each is a framework.

    Each has a dataset of its own, since each has a licence of its own.
    """

    _ids: dict[str, str] = field(default_factory=dict)
    _failed_before: dict[str, None] = field(default_factory=dict)
    _failed: list[str] = field(default_factory=list)
    _in_a_row: int = 0

    def pages(self, *, full: bool) -> Iterator[int]:
        """Take in package by package and yield how many outcomes each had."""
        self._begin(full=full)
        began = time.time()
        server = CaseServer(self.by.fetcher, self.source.url)
        there = server.documents()
        listed = self._wanted(there)
        self._ids = ids_at_home(self.by.catalogue)
        with TemporaryDirectory(prefix="gateways-") as folder:
            due = dict.fromkeys(self._due(listed))
            for document in due:
                if document not in self._failed_before:
                    yield self._take(server, document, listed.changed[document], Path(folder))
            self._in_a_row = 0
            for document in self._failed_before:
                if document in due and self._in_a_row < FAILURES:
                    yield self._take(server, document, listed.changed[document], Path(folder))
            for document in self._waiting(listed):
                yield self._take(server, document, listed.changed[document], Path(folder))
        self._retire_unlisted(there)
        self._finish(began)

    def _begin(self, *, full: bool) -> None:
        counts = {} if full or not self.state.begun else self.state.counts
        if full:
            self.state = replace(self.state, documents={}, waiting={})
        self.is_full = not self.state.documents
        self._failed_before = dict.fromkeys(self.state.failed)
        self.keep(replace(self.state, begun=True, counts=counts))

    def _finish(self, began: float) -> None:
        error = None
        if self._failed:
            share = f"{len(self._failed):,} of {counted(self.pages_read, 'package')}"
            error = f"{share} could not be taken in, the first: {self._failed[0]}"
        self.keep(
            replace(self.state, begun=False, complete=began, finished=time.time(), error=error)
        )

    def _wanted(self, listed: Listed) -> Listed:
        """Those that are asked for, without frameworks that the catalogue has from elsewhere."""
        for refusal in listed.refusals:
            self.note_refusal(refusal)
        self.count({"refused": len(listed.refusals)})
        chosen = set(self.source.options.get("documents", "").split())
        asked = {one: at for one, at in listed.changed.items() if not chosen or one in chosen}
        for missing in sorted(chosen - asked.keys()):
            self.warnings.append(f"document {shown(missing)} is not listed")
        elsewhere = self._elsewhere() & asked.keys()
        if elsewhere:
            self.warnings.append(
                f"{len(elsewhere):,} of its frameworks are in the catalogue from elsewhere, and "
                "left out"
            )
        return replace(
            listed, changed={one: at for one, at in asked.items() if one not in elsewhere}
        )

    def _elsewhere(self) -> set[str]:
        """Identifiers of the frameworks that the catalogue does not have from this source."""
        others = [one.id for one in self.by.catalogue.frameworks.all() if not self._is_mine(one)]
        return {*others, *(identifier_of(FRAMEWORK, id_) for id_ in others)}

    def _is_mine(self, framework: Framework) -> bool:
        return framework.dataset == self._dataset_of(framework.id)

    def _dataset_of(self, document: str) -> str:
        return f"{self.source.name}/{document}"

    def _due(self, listed: Listed) -> list[str]:
        """Those that are new or changed since they were taken in."""
        kept = self.state.documents
        return [
            one
            for one, changed in listed.changed.items()
            if not changed or kept.get(one) != changed
        ]

    def _waiting(self, listed: Listed) -> Iterator[str]:
        """Those with statements whose ends may have come meanwhile."""
        for document, mark in list(self.state.waiting.items()):
            if document in listed.changed and mark != self._mark():
                yield document

    def _mark(self) -> str:
        """What changes whenever a framework comes, changes or goes."""
        said = [(one.id, one.fingerprint) for one in self.by.catalogue.frameworks.all()]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

    def _take(self, server: CaseServer, name: str, changed: str, folder: Path) -> int:
        """Take in one package. One that cannot be had is told, and does not stop the others."""
        self.pages_read += 1
        try:
            document = self._document(server, name, folder)
        except GatewaysError as error:
            self._fail(name, str(error))
            return 0
        self._in_a_row = 0
        report = import_document(
            self.by.catalogue,
            document,
            prune=True,
            platform=self.platform_for(document.dataset.name),
            on_refusal=self.note_refusal,
        )
        self._count(report)
        waiting = {one: mark for one, mark in self.state.waiting.items() if one != name}
        if report.waiting:
            waiting[name] = self._mark()
        documents = {**self.state.documents, name: changed}
        failed = self._others_failed(name)
        self.keep(replace(self.state, documents=documents, failed=failed, waiting=waiting))
        self.check_time()
        return report.rows

    def _document(self, server: CaseServer, name: str, folder: Path) -> Document:
        url = server.package_url(name)
        file = fetch(self.by.fetcher, url, folder, "package.json")
        options = ReadOptions(max_text=self.by.max_text)
        package = open_fetched(file, url, options, "case")
        if package.dataset.name != name:
            raise GatewaysError(f"{url}: it is the package of {shown(package.dataset.name)}")
        dataset = self._dataset_of(name)
        if len(dataset) > ID_LIMIT:
            raise GatewaysError(f"{url}: with the name of the source it is too long for a dataset")
        license_ = package.dataset.license or self.source.options.get("license")
        said = replace(package.dataset, name=dataset, license=license_)
        return LocalDocument(said, package, self._ids)

    def _others_failed(self, name: str) -> tuple[str, ...]:
        return tuple(one for one in self.state.failed if one != name)

    def _fail(self, name: str, why: str) -> None:
        self.count({"refused": 1})
        self.keep(replace(self.state, failed=(*self._others_failed(name), name)))
        self.note_refusal(Refusal("CFPackages", self.pages_read, why))
        self._failed.append(why)
        self._in_a_row += 1
        if self._in_a_row == FAILURES and name not in self._failed_before:
            raise GatewaysError(f"{FAILURES} packages one after the other failed, the last: {why}")
        self.check_time()

    def _count(self, report: ImportReport) -> None:
        counts = report.counts["outcomes"]
        self.count({fate: getattr(counts, fate) for fate in _FATES} | {"refused": report.refused})

    def _retire_unlisted(self, listed: Listed) -> None:
        """Retire the frameworks of this source that are not listed any more."""
        mine = filter(self._is_mine, self.by.catalogue.frameworks.all())
        gone = [one for one in mine if one.id not in listed.changed]
        if gone and not (listed.complete and listed.changed):
            why = "has no document" if listed.complete else "is not complete"
            self.warnings.append(
                f"the list {why}, but {len(gone):,} frameworks are kept that it does not name: "
                "none is taken for removed"
            )
            return
        for framework in gone:
            dataset = self.by.catalogue.datasets.get(framework.dataset)
            if dataset is not None:
                nothing = _Nothing(replace(dataset, extra={**dataset.extra, "frameworks": []}))
                self._count(import_document(self.by.catalogue, nothing, prune=True))
        left = {one: at for one, at in self.state.documents.items() if one in listed.changed}
        failed = tuple(one for one in self.state.failed if one in listed.changed)
        self.keep(replace(self.state, documents=left, failed=failed))


@dataclass(frozen=True, slots=True)
class _Nothing:
    """What a framework that is not listed any more has left."""

    dataset: Dataset
    kinds = frozenset[type[Record]]({Outcome, Prerequisite, Correspondence})

    def read(self, _kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield no record."""
        return iter(())
