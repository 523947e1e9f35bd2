"""Whether it is worth the while to read files again that were refused before."""

from contextlib import suppress
from pathlib import Path

Files = tuple[tuple[str, int, int], ...]


class Arrival:
    """Notices when folders that are being copied here have changed, and then stay as they are.

    To read an index takes its checksums and perhaps another encoder: too much to try for ever.
    """

    def __init__(self) -> None:
        self._refused: Files | None = None
        self._seen: Files | None = None

    def is_due(self, *folders: Path) -> bool:
        """Whether to read them now: unless they were refused, and until they change and settle."""
        found = _files(folders)
        is_settled = found == self._seen
        self._seen = found
        return self._refused is None or (found != self._refused and is_settled)

    def refuse(self) -> None:
        """Leave them until they change: they were read as they were seen, and are to blame."""
        self._refused = self._seen


def _files(folders: tuple[Path, ...]) -> Files:
    """Every file with its size and when it last changed, permissions included."""
    found = []
    with suppress(FileNotFoundError):  # removed meanwhile, which the next look finds
        for path in sorted(path for folder in folders for path in folder.rglob("*")):
            stat = path.stat()
            found.append((str(path), stat.st_size, stat.st_ctime_ns))
    return tuple(found)
