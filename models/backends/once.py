"""What is made of a model's folder, made once in a process and shared by whoever wants it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, Generic, ParamSpec, TypeAlias, TypeVar
from weakref import WeakValueDictionary

from models.backends.model_folder import VECTOR_FILES

T = TypeVar("T")
P = ParamSpec("P")
_State: TypeAlias = tuple[Path, tuple[tuple[str, int, int], ...]]


class OncePerFolder(Generic[T, P]):
    """Makes it of a folder and remembers it for as long as somebody has it."""

    def __init__(self, make: Callable[Concatenate[Path, P], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._in_use: WeakValueDictionary[tuple[object, ...], T] = WeakValueDictionary()

    def __call__(self, folder: Path, *args: P.args, **kwargs: P.kwargs) -> T:
        """What was made of the folder's files as they are now. Raises what making it does."""
        key = (_state(folder), args, *sorted(kwargs.items()))
        with self._lock:
            found = self._in_use.get(key)
            if found is None:
                found = self._in_use[key] = self._make(folder, *args, **kwargs)
            return found


def _state(folder: Path) -> _State:
    """What tells a folder from another, and from what it was before its files were replaced."""
    place = folder.resolve()
    files = [path for path in sorted(place.rglob("*")) if path.suffix in VECTOR_FILES]
    stats = [(str(path), path.stat()) for path in files if path.is_file()]
    return place, tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)
