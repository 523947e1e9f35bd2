"""Nothing that comes from outside is unpickled: what the source says of it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("data", "models", "evaluation", "training", "service")
NAMES = {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "jsonpickle"}
# What is unpickled: work of our own, sent to a process of our own by the one that started it.
OWN = {"models/workers/ray_pool.py"}
# A checkpoint of our own, of which torch reads tensors and plain values alone.
OF_TENSORS = {"training/encoder/contrastive.py"}


def trees():
    for file in [ROOT / "gateways.py", *(f for room in ROOMS for f in (ROOT / room).rglob("*.py"))]:
        yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def test_no_module_imports_what_unpickles():
    found = set()
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                taken = {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                taken = {(node.module or "").partition(".")[0]}
                if {one.name for one in node.names} == {"UnpicklingError"}:
                    continue  # to say what is wrong with a file
            else:
                continue
            if taken & NAMES:
                found.add(name)
    assert found == OWN


@pytest.mark.slow
def test_arrays_and_tensors_are_loaded_without_pickles():
    calls = set()
    for name, tree in trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            options = {one.arg: ast.unparse(one.value) for one in node.keywords}
            assert options.get("allow_pickle", "False") == "False", name
            assert options.get("trust_remote_code", "False") == "False", name
            if ast.unparse(node.func) in ("torch.load", "pd.read_pickle", "pandas.read_pickle"):
                assert options.get("weights_only") == "True", name
                calls.add(name)
    assert calls == OF_TENSORS
