"""Whether it is worth the while to read files again that were refused before."""

from contextlib import suppress
from pathlib import Path

Files = tuple[tuple[str, int, int], ...]


class Arrival:
    """Notices when folders that are being copied here have changed, and then stay as they are.

    To read an index takes its checksums and perhaps another encoder: too much to try for ever.
    """

    def __init__(self) -> None:
        self._tried: Files | None = None
        self._seen: Files | None = None

    def is_due(self, *folders: Path) -> bool:
        """Whether to read them now: the first time, and when they have changed and settled."""
        found = _files(folders)
        is_settled = found == self._seen
        self._seen = found
        if self._tried is not None and (found == self._tried or not is_settled):
            return False
        self._tried = found
        return True


def _files(folders: tuple[Path, ...]) -> Files:
    """Every file with its size and when it last changed, permissions included."""
    found = []
    with suppress(FileNotFoundError):  # removed meanwhile, which the next look finds
        for path in sorted(path for folder in folders for path in folder.rglob("*")):
            stat = path.stat()
            found.append((str(path), stat.st_size, stat.st_ctime_ns))
    return tuple(found)
