"""A document → the catalogue: streaming, in many small transactions, and idempotent."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from pydantic import SecretStr

from data import pseudonyms
from data.catalogue import Catalogue
from data.catalogue.intake import Batch, Intake, Kept
from data.catalogue.rows import Entry, Key, UnstorableError, agent_of, entry_of, key_of
from data.counting import counted
from data.errors import GatewaysError
from data.formats.fields import shown
from data.formats.protocol import Document, Refusal, Row
from data.importing import sending
from data.importing.chunks import ROWS, chunks
from data.importing.placing import place_rows
from data.importing.references import Refused, objections
from data.importing.report import ImportReport, Tally
from data.importing.survey import belongs_to, survey_outcomes, survey_prerequisites
from data.progress import Advance, Progress
from data.records import (
    Alignment,
    Correspondence,
    Interaction,
    Outcome,
    Prerequisite,
    Provenance,
    Record,
    Resource,
)

# Why a row is to be refused, as a first reading of all rows showed.
Foreseen: TypeAlias = Callable[[Any], str | None]

# In this order, since a row may only point at what stands in a table before its own.
NAMES: dict[type[Record], str] = {
    Outcome: "outcomes",
    Resource: "resources",
    Alignment: "alignments",
    Prerequisite: "prerequisites",
    Correspondence: "correspondences",
    Interaction: "interactions",
}


def import_document(  # noqa: PLR0913  one call with all that an import can be told
    catalogue: Catalogue,
    document: Document,
    *,
    dry_run: bool = False,
    prune: bool = False,
    part: bool = False,
    platform: str | None = None,
    learner_key: SecretStr | None = None,
    progress: Progress | None = None,
    on_refusal: Callable[[Refusal], None] | None = None,
) -> ImportReport:
    """Take in a document and tell what became of each row.

    Rows go in about a thousand to a transaction: one that is killed has done a part, and the next
    does the rest. With `prune`, rows that the dataset had and has no longer are retired, except
    interactions; a document that is a `part` of its dataset says nothing of what the dataset has no
    longer. The dataset is of the `platform`, if one is named, before its first row is written. With
    `learner_key`, learners get pseudonyms. A dry run leaves nothing behind. `on_refusal` is told of
    every refusal, of which the report lists the first only. Raises GatewaysError if the document or
    the database cannot be used at all, or the platform may not have the dataset; single bad rows
    are refused in the report.
    """
    started = time.perf_counter()
    name = document.dataset.name
    if not name:
        raise GatewaysError("the dataset has no name; give it one")
    with catalogue.intake(name, rehearsal=dry_run) as intake:
        tally = Tally(on_refusal or _ignored)
        with intake.batch() as batch:
            batch.put_dataset(document.dataset, time.time(), platform)
        run = _Import(intake, document, prune, part, learner_key, progress or _silent, tally)
        run.take_all()
    seconds = time.perf_counter() - started
    return tally.report(dataset=name, dry_run=dry_run, seconds=seconds)


@dataclass(slots=True)
class _Import:
    intake: Intake
    document: Document
    prune: bool
    part: bool
    learner_key: SecretStr | None
    progress: Progress
    tally: Tally
    now: float = field(default_factory=time.time)
    refused: Refused = field(default_factory=lambda: {kind: set() for kind in NAMES})

    @property
    def dataset(self) -> str:
        return self.document.dataset.name

    def take_all(self) -> None:
        """Take in every kind that the document has."""
        for kind, name in NAMES.items():
            if kind in self.document.kinds:
                self.tally.begin(name)
                if kind is Outcome:
                    self._take_outcomes()
                elif kind is Prerequisite:
                    self._take_prerequisites()
                else:
                    self._take(kind, _at_sight)

    def _take_outcomes(self) -> None:
        """Read the outcomes twice: a row may be refused for what stands far below it."""
        with self.progress("checking outcomes", None) as advance:
            survey = survey_outcomes(self.intake, self.document, advance)
        with self.intake.batch() as batch:
            batch.put_frameworks(survey.frameworks)
        self._take(Outcome, survey.objection, total=len(survey.parents))
        named = [framework.id for framework in survey.frameworks]
        with self.intake.batch() as batch:
            if self.prune:
                batch.retire_frameworks(named, self.now)
            batch.settle_frameworks()
            empty = batch.empty_frameworks(named)
        for id_ in empty:
            self.tally.warn(f"framework {shown(id_)} has no outcome to align a resource to")
        if not named:
            self.tally.warn(f"dataset {shown(self.dataset)} has no outcome in its outcomes file")

    def _take_prerequisites(self) -> None:
        """Read the prerequisites twice: which one closes a cycle, all of them tell together."""
        with self.progress("checking prerequisites", None) as advance:
            closing = survey_prerequisites(
                self.intake, self.document, self.refused[Outcome], self.prune, advance
            )
        self._take(Prerequisite, lambda edge: closing.get(key_of(edge)))

    def _take(self, kind: type[Record], foreseen: Foreseen, total: int | None = None) -> None:
        """Take in one kind, then see what the dataset has no longer."""
        seen: dict[Key, int] = {}
        unread = 0
        with self.progress(NAMES[kind], total) as advance:
            for read in chunks(self.document.read(kind)):
                chunk = list(place_rows(self.intake, read))
                rows = [self._prepared(row) for row in chunk if isinstance(row, Row)]
                for refusal in (row for row in chunk if isinstance(row, Refusal)):
                    self.tally.refuse(NAMES[kind], refusal)
                unread += len(chunk) - len(rows)
                self._write(kind, list(self._entries(kind, rows, seen, foreseen)))
                advance(len(chunk))
        if kind is Interaction or self.part:  # what learners did is never gone
            return
        if unread:
            self.tally.warn(
                f"{unread:,} of the {NAMES[kind]} could not be read, so none is taken for removed"
            )
        else:
            self._settle_removed(kind, seen)

    def _prepared(self, row: Row[Any]) -> Row[Any]:
        """The row as it is kept: what is stated says by whom, a learner has a pseudonym."""
        record = row.record
        if isinstance(record, Alignment | Correspondence) and record.provenance is None:
            origin = Provenance(agent=agent_of(self.dataset), time=self.now)
            return replace(row, record=replace(record, provenance=origin))
        if isinstance(record, Interaction):
            learner = pseudonyms.pseudonym(record.learner, self.learner_key)
            return sending.named(replace(row, record=replace(record, learner=learner)))
        return row

    def _entries(
        self,
        kind: type[Record],
        rows: list[Row[Any]],
        seen: dict[Key, int],
        foreseen: Foreseen,
    ) -> Iterator[tuple[Row[Any], Entry]]:
        """Make entries, and refuse what can be refused without a look at the catalogue."""
        for row in rows:
            key = key_of(row.record)
            if key in seen:
                again = Refusal(row.file, row.line, f"repeats line {seen[key]}")
                self.tally.refuse(NAMES[kind], again)
                continue
            if key:
                seen[key] = row.line
            if reason := foreseen(row.record):
                self._refuse(kind, row, reason)
                continue
            try:
                entry = entry_of(row.record, self.dataset)
            except UnstorableError as error:
                self._refuse(kind, row, str(error))
            else:
                yield row, sending.sent_as(row, entry)

    def _write(self, kind: type[Record], offered: list[tuple[Row[Any], Entry]]) -> None:
        """Write what is new or differs, in one transaction, and refuse what may not stand."""
        fresh: dict[Key, Entry] = {}
        with self.intake.batch() as batch:
            kept = batch.kept(kind, [entry for _, entry in offered])
            sent = batch.sent(row.client_id for row, _ in offered if row.client_id)
            reasons = objections(batch, [row.record for row, _ in offered], self.refused)
            for (row, entry), reason in zip(offered, reasons, strict=True):
                before = kept.get(entry.key)
                if reason and row.may_wait:
                    self.tally.wait(NAMES[kind])
                    continue
                if (
                    reason := reason
                    or self._owned(kind, before)
                    or sending.objection(row, entry, sent)
                ):
                    self._refuse(kind, row, reason)
                    continue
                fate = "unchanged" if entry.key in fresh else _fate(kind, entry, before)
                self.tally.add(NAMES[kind], fate)
                if fate != "unchanged":
                    fresh[entry.key] = entry
                    if row.client_id:
                        sent[row.client_id] = entry.digest
            batch.write(kind, list(fresh.values()))

    def _owned(self, kind: type[Record], before: Kept | None) -> str | None:
        if before and kind is not Interaction and before.dataset != self.dataset:
            return belongs_to(before.dataset)
        return None

    def _refuse(self, kind: type[Record], row: Row[Any], reason: str) -> None:
        self.tally.refuse(NAMES[kind], Refusal(row.file, row.line, reason))
        if kind in (Outcome, Resource):
            self.refused[kind].add(row.record.id)

    def _settle_removed(self, kind: type[Record], seen: dict[Key, int]) -> None:
        with self.intake.batch() as batch:
            gone = [key for key in batch.keys(kind) if key not in seen]
            above = _still_above(batch, gone) if self.prune and kind is Outcome else set()
        self.tally.remove(NAMES[kind], gone)
        if above:
            gone = [key for key in gone if key not in above]
            self.tally.warn(
                f"{counted(len(above), 'outcome')} not in the dataset any more must stay, since "
                f"others stand below ({', '.join(sorted(id_ for (id_,) in above)[:3])}, …)"
            )
        for start in range(0, len(gone) if self.prune else 0, ROWS):
            keys = gone[start : start + ROWS]
            with self.intake.batch() as batch:
                batch.retire(kind, keys, self.now)
            self.tally.add(NAMES[kind], "retired", len(keys))


def _still_above(batch: Batch, gone: list[Key]) -> set[Key]:
    """Those of `gone` below which something stands that is not to go itself."""
    parent_of, going = batch.branches(), {id_ for (id_,) in gone}
    above: set[Key] = set()
    for child in parent_of.keys() - going:
        parent = parent_of.get(child)
        while parent in going and (parent,) not in above:
            above.add((parent,))
            parent = parent_of.get(parent)
    return above


def _fate(kind: type[Record], entry: Entry, before: Kept | None) -> str:
    if before is None:
        return "new"
    if kind is Interaction:  # one that was withdrawn stays so
        return "unchanged"
    return "changed" if before.retired or before.digest != entry.digest else "unchanged"


def _at_sight(record: Record) -> str | None:
    """Why a row is to be refused whatever the others say, or None."""
    return pseudonyms.objection(record.learner) if isinstance(record, Interaction) else None


def _ignored(_refusal: Refusal) -> None:
    """For a caller that reads the report only."""


@contextmanager
def _silent(_what: str, _total: int | None) -> Iterator[Advance]:
    yield lambda _done: None
