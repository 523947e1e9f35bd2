"""Files that people dropped on a page, until they are imported or a week has passed."""

import re
import secrets
import shutil
import time
from pathlib import Path
from typing import Final

from starlette.datastructures import UploadFile

from data.errors import GatewaysError, NotFoundError, UnavailableError
from data.formats.case.package import CasePackage
from data.formats.protocol import Format
from data.formats.table import Table
from data.settings import Settings
from data.workspace import Workspace

TAKEN: Final[tuple[Format, ...]] = (Table(), CasePackage())
"""The formats that a page takes."""

A_WEEK: Final = 7 * 24 * 3600
_TOKEN: Final = re.compile(r"[0-9a-f]{16}")
_STRANGE: Final = re.compile(r"[^\w.-]+")
LONGEST_NAME: Final = 100


def keep(settings: Settings, sent: UploadFile) -> str:
    """Write a file to the workspace and return its token. Raises GatewaysError."""
    _forget_old(settings)
    token = secrets.token_hex(8)
    folder = Workspace(settings.home).uploads / token
    file = folder / _safe(sent.filename or "")
    try:
        folder.mkdir(parents=True)
        with file.open("wb") as written:
            shutil.copyfileobj(sent.file, written)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)  # half of it is of no use, and takes room
        raise UnavailableError(f"the file cannot be kept: {error.strerror}") from error
    if not _is_taken(file):
        shutil.rmtree(folder)
        expected = ", or ".join(one.expects for one in TAKEN)
        raise GatewaysError(
            f"{file.name}: give {expected}; a spreadsheet saves one as XLSX or CSV UTF-8"
        )
    return token


def found(settings: Settings, token: str) -> Path:
    """The file of a token. Raises NotFoundError."""
    folder = Workspace(settings.home).uploads / token
    files = sorted(folder.iterdir()) if _TOKEN.fullmatch(token) and folder.is_dir() else []
    for file in files:
        if _is_taken(file):
            return file
    raise NotFoundError(f"file {token!r} is not here any more; give it again")


def _is_taken(file: Path) -> bool:
    return any(one.recognises(file) for one in TAKEN)


def _safe(name: str) -> str:
    """The name of a file without what may lead elsewhere; its end, which tells its format, stays.

    It becomes the dataset's name.
    """
    return _STRANGE.sub("-", Path(name.replace("\\", "/")).name).lstrip(".-")[-LONGEST_NAME:]


def _forget_old(settings: Settings) -> None:
    uploads = Workspace(settings.home).uploads
    for folder in uploads.iterdir() if uploads.is_dir() else ():
        if folder.is_dir() and time.time() - folder.stat().st_mtime > A_WEEK:
            shutil.rmtree(folder, ignore_errors=True)
