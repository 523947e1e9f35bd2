"""Records → a dataset folder. The same records give the same bytes."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias

from data.errors import GatewaysError
from data.formats.dataset_folder import DATASET_FILE, FILES
from data.formats.rows import FIELDS, OUTCOMES_SEPARATOR, PROVENANCE
from data.output_file import growing
from data.records import (
    Alignment,
    Correspondence,
    Dataset,
    Interaction,
    Outcome,
    Prerequisite,
    Provenance,
    Record,
    Resource,
)

Cells: TypeAlias = dict[str, str]
TableRecord: TypeAlias = Alignment | Prerequisite | Correspondence | Interaction


def write_folder(
    folder: Path, dataset: Dataset, records: Mapping[type[Record], Iterable[Record]]
) -> None:
    """Write a dataset and the kinds in `records`, which may be iterators; other files stay.

    Every file is written aside first, then all are renamed one by one, so that `records` may be
    read from the same folder. Raises GatewaysError when a record cannot be written or the disk is
    full; what was there before stays.
    """
    aside: dict[Path, Path] = {}  # where a file is to stand → where it stands until then
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _writing(folder / DATASET_FILE, aside) as out:
            out.write(_dataset_json(dataset))
        for kind, name in FILES.items():
            if kind in records:
                write = _write_jsonl if kind in (Outcome, Resource) else _write_csv
                with _writing(folder / name, aside) as out:
                    write(kind, records[kind], out)
        for final, written in aside.items():
            written.replace(final)
            final.with_name(f"{final.name}.gz").unlink(missing_ok=True)
    except OSError as error:
        raise GatewaysError(f"{folder}: cannot be written: {error.strerror or error}") from None
    finally:
        for written in aside.values():
            written.unlink(missing_ok=True)


def write_table(file: Path, kind: type[TableRecord], records: Iterable[TableRecord]) -> None:
    """Write one table of a dataset folder alone. Raises GatewaysError as `write_folder` does."""
    with growing(file) as out:
        _write_csv(kind, records, out.buffer)


def csv_line(cells: Iterable[str]) -> str:
    """One row of a CSV file that every reader takes, whatever the cells hold."""
    return ",".join(map(_quoted, cells)) + "\n"


@contextmanager
def _writing(final: Path, aside: dict[Path, Path]) -> Iterator[IO[bytes]]:
    aside[final] = final.with_name(f".{final.name}.part")
    with aside[final].open("wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def _dataset_json(dataset: Dataset) -> bytes:
    own = {
        "name": dataset.name,
        "license": dataset.license,
        "attribution": dataset.attribution,
        "source": dataset.source,
        "languages": dataset.languages,
    }
    return (_json(_merged(own, dataset.extra, "dataset"), "dataset", indent=2) + "\n").encode()


def _write_jsonl(kind: type[Record], records: Iterable[Any], out: IO[bytes]) -> None:
    for record in records:
        fields = {name: getattr(record, name) for name in FIELDS[kind]}
        line = _json(_merged(fields, record.extra, record.id), record.id)
        out.write(_encoded(line + "\n", record.id))


def _write_csv(kind: type[Record], records: Iterable[Any], out: IO[bytes]) -> None:
    """Write rows under all columns that any of them has, which only the last row tells."""
    columns = dict.fromkeys(FIELDS[kind])
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=Path(out.name).parent) as spool:
        for record in records:
            cells = _cells(record)
            columns.update(dict.fromkeys(cells))
            spool.write(json.dumps(cells) + "\n")
        spool.seek(0)
        out.write(_encoded(csv_line(columns), "the header"))
        for line in spool:
            cells = json.loads(line)
            row = csv_line(cells.get(column, "") for column in columns)
            out.write(_encoded(row, line))


def _cells(record: TableRecord) -> Cells:
    match record:
        case Alignment():
            own = {
                "resource": record.resource,
                "outcome": record.outcome,
                "relation": record.relation,
                "split": record.split or "",
            } | _origin_cells(record.provenance)
        case Prerequisite():
            own = {"outcome": record.outcome, "requires": record.requires}
        case Correspondence():
            own = {"outcome": record.outcome, "other": record.other, "match": record.match}
            own |= _origin_cells(record.provenance)
        case Interaction():
            own = {
                "learner": record.learner,
                "resource": record.resource or "",
                "item": record.item or "",
                "outcome": _joined(record.outcomes),
                "time": _number(record.time),
                "event": record.event,
                "score": "" if record.score is None else _number(record.score),
            }
    return own | _extra_cells(record)


def _origin_cells(origin: Provenance | None) -> Cells:
    if origin is None:
        return {}
    values = (origin.agent, _number(origin.time), origin.model or "")
    return dict(zip(PROVENANCE, values, strict=True))


def _extra_cells(record: TableRecord) -> Cells:
    """Give a text its own column and all else, as JSON, the column `extra`."""
    ours = (*FIELDS[type(record)], *PROVENANCE, "extra", "")
    plain: Cells = {}
    other: dict[str, Any] = {}
    for name, value in record.extra.items():
        fits = isinstance(value, str) and value and name == name.strip() and name not in ours
        (plain if fits else other)[name] = value
    return plain | ({"extra": _json(other, "a field of `extra`")} if other else {})


def _joined(outcomes: tuple[str, ...]) -> str:
    for outcome in outcomes:
        if not outcome or OUTCOMES_SEPARATOR in outcome:
            raise GatewaysError(
                f"interactions: the outcome id `{outcome}` cannot be written: "
                f"ids are separated by `{OUTCOMES_SEPARATOR}` there; rename it"
            )
    return OUTCOMES_SEPARATOR.join(outcomes)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _quoted(cell: str) -> str:
    # csv.writer leaves a bare carriage return unquoted, and its reader then refuses it.
    if any(mark in cell for mark in '",\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _merged(fields: dict[str, Any], extra: Mapping[str, Any], what: str) -> dict[str, Any]:
    if clash := fields.keys() & extra.keys():
        raise GatewaysError(
            f"{what}: cannot be written: `extra` repeats {', '.join(sorted(clash))}"
        )
    return {**fields, **extra}


def _json(value: dict[str, Any], what: str, indent: int | None = None) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    except (ValueError, TypeError, RecursionError) as error:
        raise GatewaysError(f"{what}: cannot be written as JSON: {error}") from None


def _encoded(line: str, what: str) -> bytes:
    try:
        return line.encode()
    except UnicodeEncodeError:
        raise GatewaysError(f"{what}: holds half of a surrogate pair; write it whole") from None
