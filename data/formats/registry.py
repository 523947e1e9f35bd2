"""Every format we read, in the order in which they are asked whether they recognise a path."""

from pathlib import Path

from data.errors import GatewaysError, NotFoundError
from data.formats.case.package import CasePackage
from data.formats.dataset_folder import DatasetFolder
from data.formats.kolibri.channel import Kolibri
from data.formats.kolibri.competition import Competition
from data.formats.lines import NO_TEXT, is_archive
from data.formats.lrmi.document import Lrmi
from data.formats.protocol import Document, Format, ReadOptions
from data.formats.table import Table
from data.formats.xapi.document import Xapi

FORMATS: tuple[Format, ...] = (
    DatasetFolder(),
    Competition(),
    CasePackage(),
    Xapi(),
    Kolibri(),
    Lrmi(),
    Table(),
)


def format_named(name: str) -> Format:
    """Return the format that is called `name`. Raises NotFoundError that lists the formats."""
    for known in FORMATS:
        if known.name == name:
            return known
    raise NotFoundError(f"there is no format `{name}`; the formats are {_listed()}")


def recognise(path: Path) -> Format:
    """Return the first format that recognises `path`.

    Raises NotFoundError when nothing is there, GatewaysError when no format knows what is.
    """
    if not _is_there(path):
        raise NotFoundError(f"{path}: there is no such file or folder")
    for known in FORMATS:
        if known.recognises(path):
            return known
    if is_archive(path):
        raise GatewaysError(f"{path}: {NO_TEXT}")
    raise GatewaysError(f"{path}: no format recognises this; the formats are {_listed()}")


def open_document(path: Path, options: ReadOptions, format_: str = "auto") -> Document:
    """Open `path` in the format of that name; `auto` is the one that recognises it.

    Raises GatewaysError when there is no such path or format, or nothing of it can be read.
    """
    chosen = recognise(path) if format_ == "auto" else format_named(format_)
    return chosen.open(path, options)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be looked at: {error.strerror}") from None


def _listed() -> str:
    return "; ".join(f"{known.name} ({known.expects})" for known in FORMATS)
