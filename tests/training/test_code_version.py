import re

from training import code_version as module
from training.code_version import code_version


def test_in_a_checkout_it_is_the_commit():
    assert re.fullmatch(r"[0-9a-f]{40}\+?", code_version())


def test_elsewhere_it_is_the_packages_version(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ROOT", tmp_path)
    assert re.fullmatch(r"\d+\.\d+\.\d+", code_version())
