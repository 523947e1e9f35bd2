"""A file that is written little by little, and takes its place once all of it is there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from data.errors import GatewaysError


@contextmanager
def growing(path: Path) -> Iterator[TextIO]:
    """What to write to; until it is whole and on the disk, what was there before stays.

    Lines end as they are written. Raises GatewaysError where that cannot be.
    """
    aside = path.with_name(f"{path.name}.part")
    try:
        with aside.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        aside.unlink(missing_ok=True)
