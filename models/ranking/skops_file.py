"""A skops file → the plain values in it: numbers, words, lists, arrays, and what objects hold.

Nothing of what made the file is imported, and no object is made: to predict takes the arrays alone,
and scikit-learn, which is a second of a server's start, is left to training.
"""

import io
import json
from collections.abc import Iterator
from typing import Any, Final
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

PROTOCOL: Final = 2
"""The version of the format that is read, skops's own number."""


class Stored:
    """One value of a file, which is read when it is asked for.

    Whatever is asked of what is no such value raises KeyError, IndexError, TypeError or ValueError.
    """

    def __init__(self, node: Any, file: ZipFile) -> None:
        self._node = node
        self._file = file

    @property
    def kind(self) -> str:
        """The class that it was of, with its module's name."""
        return f"{self._node['__module__']}.{self._node['__class__']}"

    def __getitem__(self, name: str | int) -> "Stored":
        """An object's attribute, a mapping's value, or a list's item."""
        content = self._node["content"]
        if self._node["__loader__"] == "ObjectNode":
            content = content["content"]
        return Stored(content[name], self._file)

    def has(self, name: str) -> bool:
        """Whether a mapping has a value of that name."""
        return name in self._node["content"]

    def __iter__(self) -> Iterator["Stored"]:
        """The items of a list."""
        return (Stored(node, self._file) for node in self._node["content"])

    @property
    def plain(self) -> Any:
        """A number, a word, a truth value or None."""
        return json.loads(self._node["content"])

    @property
    def array(self) -> npt.NDArray[Any]:
        """An array of numbers; never one of objects, to read which would run what they name."""
        content = io.BytesIO(self._file.read(self._node["file"]))
        found: npt.NDArray[Any] = np.load(content, allow_pickle=False)
        return found


def read_skops(packed: bytes) -> Stored:
    """What a file holds. Raises ValueError for another version, and others when it is damaged."""
    file = ZipFile(io.BytesIO(packed))
    schema = json.loads(file.read("schema.json"))
    if schema["protocol"] != PROTOCOL:
        raise ValueError(f"it has version {schema['protocol']} of skops's format, not {PROTOCOL}")
    return Stored(schema, file)
