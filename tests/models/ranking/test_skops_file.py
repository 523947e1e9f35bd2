import io
import json
from zipfile import ZipFile

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler
from skops.io import dumps

from models.ranking.skops_file import read_skops


def changed(packed, **values):
    """The same file with other values at the top of its schema."""
    written = io.BytesIO()
    with ZipFile(io.BytesIO(packed)) as old, ZipFile(written, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "schema.json":
                content = json.dumps(json.loads(content) | values).encode()
            new.writestr(name, content)
    return written.getvalue()


def test_plain_values_arrays_and_what_objects_hold_are_read():
    scaler = StandardScaler().fit([[1.0, 2.0], [3.0, 6.0]])
    said = {"names": ["a", "ä"], "pair": (1.5, None), "rows": np.arange(3), "scaler": scaler}
    found = read_skops(dumps(said))
    assert [name.plain for name in found["names"]] == ["a", "ä"]
    assert (found["pair"][0].plain, found["pair"][1].plain) == (1.5, None)
    assert found["rows"].array.tolist() == [0, 1, 2]
    assert found["scaler"].kind == "sklearn.preprocessing._data.StandardScaler"
    assert found["scaler"]["mean_"].array.tolist() == [2.0, 4.0]


def test_what_is_not_there_is_a_plain_error():
    found = read_skops(dumps({"names": ["a"]}))
    for ask in (lambda: found["gone"], lambda: found["names"][1], lambda: found["names"].array):
        with pytest.raises((KeyError, IndexError)):
            ask()


def test_a_file_of_another_version_of_the_format_is_refused():
    with pytest.raises(ValueError, match="version 99"):
        read_skops(changed(dumps([1]), protocol=99))


def test_an_array_of_objects_is_never_read():
    packed = dumps({"rows": np.arange(3)})
    pickled = io.BytesIO()
    np.save(pickled, np.array([{}], dtype=object), allow_pickle=True)
    written = io.BytesIO()
    with ZipFile(io.BytesIO(packed)) as old, ZipFile(written, "w") as new:
        for name in old.namelist():
            content = pickled.getvalue() if name.endswith(".npy") else old.read(name)
            new.writestr(name, content)
    with pytest.raises(ValueError, match="allow_pickle"):
        _ = read_skops(written.getvalue())["rows"].array
