"""Bytes → numbered lines and JSON objects; what cannot be read is refused and never fatal."""

import gzip
import io
import json
import math
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, TypeAlias, cast

from data.errors import GatewaysError
from data.formats.protocol import Refusal

Line: TypeAlias = tuple[int, bytes]
Object: TypeAlias = tuple[int, dict[str, Any]]

BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS_UTF8 = "the file is UTF-16; save it as UTF-8"
_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # of which spreadsheets are the likeliest
NO_TEXT = "the file is a spreadsheet or an archive, and no text; save it as XLSX or CSV UTF-8"
_CHUNK = 65_536
_STEEPEST = 200  # times that a gzip'd file may grow; rows in JSON grow by 5 to 30
_SMALL = 100_000_000  # bytes that any may unpack to
_MOST_DIGITS = 4_300  # of a whole number; Python itself reads no more


def line_limit(max_text: int) -> int:
    r"""Bytes that one row may have: a character written as \u0939 takes six."""
    return 6 * max_text + _CHUNK


def is_file(path: Path) -> bool:
    """Whether `path` is a file. Raises GatewaysError when the system does not let us look."""
    try:
        return path.is_file()
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be looked at: {error.strerror}") from None


def is_archive(path: Path) -> bool:
    """Whether `path` is a file that begins as a spreadsheet or an archive does."""
    try:
        with path.open("rb") as file:
            return file.read(len(_ARCHIVES[0])) in _ARCHIVES
    except OSError:
        return False


def open_bytes(path: Path) -> IO[bytes]:
    """Open a plain or, if its name ends in .gz, a gzip'd file for reading.

    One that unpacks to far more than a file of rows ever does raises OSError once it has.
    """
    if path.suffix != ".gz":
        return path.open("rb")
    most = max(_SMALL, _STEEPEST * path.stat().st_size)
    return cast(IO[bytes], io.BufferedReader(_Bounded(gzip.open(path), most), _CHUNK))


class _Bounded(io.RawIOBase):
    """The bytes of a stream, of which there may be so many."""

    def __init__(self, stream: gzip.GzipFile, most: int) -> None:
        self._stream = stream
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        read = self._stream.readinto(buffer)
        self._left -= read
        if self._left < 0:
            raise OSError(f"it unpacks to more than {_STEEPEST} times its size, as no rows do")
        return read

    def close(self) -> None:
        self._stream.close()
        super().close()


def read_lines(path: Path, limit: int) -> Iterator[Line | Refusal]:
    """Yield the lines of a file as bytes, numbered from 1, and a refusal for each that is lost.

    A line of more than `limit` bytes is skipped without being held in memory. A file that ends
    early or is damaged ends with a refusal; the lines before it stay.
    """
    number = 0
    try:
        with open_bytes(path) as file:
            while line := file.readline(limit + 1):
                number += 1
                if number == 1:
                    if line.startswith(_UTF16):
                        yield Refusal(str(path), 1, _SAVE_AS_UTF8)
                        return
                    if line.startswith(_ARCHIVES):
                        yield Refusal(str(path), 1, NO_TEXT)
                        return
                    line = line.removeprefix(BOM)
                if len(line) > limit:
                    size = len(line) + (0 if line.endswith(b"\n") else _skip(file))
                    yield Refusal(str(path), number, _too_long(size, limit))
                else:
                    yield number, line
    except EOFError:
        yield Refusal(
            str(path),
            number + 1,
            "the file ends early, as if a copy was cut short; the rows before this line were read",
        )
    except (OSError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        yield Refusal(str(path), number + 1, f"the file cannot be read from here on: {why}")


def json_objects(path: Path, limit: int) -> Iterator[Object | Refusal]:
    """Yield the object that stands on each line; blank lines are ignored."""
    for item in read_lines(path, limit):
        if isinstance(item, Refusal):
            yield item
            continue
        number, line = item
        if not line.strip():
            continue
        try:
            value = decode_json(line.decode().rstrip("\r\n"))
        except (ValueError, RecursionError) as error:
            yield Refusal(str(path), number, json_fault(error))
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            yield Refusal(
                str(path), number, "not a JSON object: write one row a line, as {…}, without a list"
            )


def decode_json(text: str) -> Any:
    """Decode JSON as its standard has it: no NaN, no number beyond a float.

    Raises ValueError (of which JSONDecodeError is one) or RecursionError; see `json_fault`.
    """
    return _DECODER.decode(text)


def json_fault(error: Exception) -> str:
    """Say why bytes or text are not JSON, with the column where one is known."""
    match error:
        case UnicodeDecodeError():
            if error.object.startswith(_UTF16):
                return _SAVE_AS_UTF8
            before = error.object[: error.start].rpartition(b"\n")[2]
            column = len(before.decode("utf-8", "replace")) + 1
            return wrong_byte(error.object[error.start], f"at column {column}")
        case json.JSONDecodeError():
            return f"malformed JSON at column {error.colno}: {error.msg}"
        case RecursionError():
            return "malformed JSON: it is nested too deeply"
        case _:
            return f"malformed JSON: {error}"


def fault_line(error: Exception) -> int:
    """Return the line of a fault in a text of several lines, 1 where none is known."""
    if isinstance(error, UnicodeDecodeError):
        return 1 + error.object[: error.start].count(b"\n")
    return error.lineno if isinstance(error, json.JSONDecodeError) else 1


def wrong_byte(byte: int, where: str) -> str:
    """Say which byte is not UTF-8 and how to convert the file."""
    return (
        f"byte 0x{byte:02X} {where} is not UTF-8; save the file as UTF-8 (in a spreadsheet: CSV "
        "UTF-8), or convert it, for instance with `iconv -f WINDOWS-1252 -t UTF-8 FILE > NEWFILE`"
    )


def _finite(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError(f"{text[:20]} is too large a number")
    return value


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"{text[:20]}… is too large a number")
    return int(text)


def _not_a_number(text: str) -> float:
    raise ValueError(f"{text} is not a JSON value")


_DECODER = json.JSONDecoder(parse_float=_finite, parse_int=_whole, parse_constant=_not_a_number)


def _skip(file: IO[bytes]) -> int:
    """Read up to the end of the line and return how many bytes that were."""
    size = 0
    while chunk := file.readline(_CHUNK):
        size += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return size


def _too_long(size: int, limit: int) -> str:
    return (
        f"the line has {size:,} bytes; the limit is {limit:,}: "
        "shorten its text or raise GATEWAYS_MAX_TEXT"
    )
