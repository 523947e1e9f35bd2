"""Files that commands write where a user says: looked at before the work, and whole or not there.

What a link leads to is written, not the link. What is no regular file, a pipe or a device, and what
is open already, such as /dev/stdout, is written to as it comes.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from data.durable import sync
from data.errors import GatewaysError

_NAMED: Final = {"/dev/stdout": 1, "/dev/stderr": 2}
_NUMBERED: Final = Path("/dev/fd")


def check_place(path: Path | None) -> None:
    """Before minutes are spent on what could not be kept. Raises GatewaysError."""
    if path is None:
        return
    try:
        if path.is_dir():
            raise _os_error(errno.EISDIR)
        if path.exists() and not os.access(path, os.W_OK):
            raise _os_error(errno.EACCES)
        if not _comes_as_it_is(path):
            _try(_place(path).parent)
    except OSError as error:
        raise _refusal(path, error) from None


def check_folder(folder: Path) -> None:
    """The same for a folder that files are to be written into, which may have to be made."""
    try:
        _try(next(one for one in (folder, *folder.absolute().parents) if one.exists()))
    except OSError as error:
        raise _refusal(folder, error) from None


@contextmanager
def growing(path: Path) -> Iterator[TextIO]:
    """What to write to; until it is whole and on the disk, what was there before stays.

    Lines end as they are written. Raises GatewaysError where that cannot be.
    """
    try:
        with _opened(path) if _comes_as_it_is(path) else _aside(path) as file:
            yield file
    except OSError as error:
        raise _refusal(path, error) from None


def write_text(path: Path, text: str) -> None:
    """Write a file. Raises GatewaysError where that cannot be."""
    with growing(path) as file:
        file.write(text)


@contextmanager
def _aside(path: Path) -> Iterator[TextIO]:
    place = _place(path)
    aside = place.with_name(f".{place.name}.part")
    try:
        with aside.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(place)
        sync(place.parent)
    finally:
        if aside.exists():
            aside.unlink()


def _opened(path: Path) -> TextIO:
    """What is open already goes on where it is: by its name a file would be begun again."""
    number = _number(path)
    if number is None:
        return path.open("w", encoding="utf-8", newline="")
    return os.fdopen(os.dup(number), "w", encoding="utf-8", newline="")


def _comes_as_it_is(path: Path) -> bool:
    return _number(path) is not None or (path.exists() and not path.is_file())


def _number(path: Path) -> int | None:
    """The number by which this process has it open, where it is named so."""
    if path.parent == _NUMBERED and path.name.isdecimal():
        return int(path.name)
    return _NAMED.get(str(path))


def _place(path: Path) -> Path:
    """Where the file lies or is to lie, whatever links lead there."""
    return Path(os.path.realpath(path))


def _try(folder: Path) -> None:
    """Raise OSError where no file can be made in a folder."""
    tempfile.TemporaryFile(dir=folder).close()


def _os_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def _refusal(path: Path, error: OSError) -> GatewaysError:
    missing = isinstance(error, FileNotFoundError)
    why = "there is no such folder" if missing else error.strerror or error
    return GatewaysError(f"{path}: cannot be written: {why}")
