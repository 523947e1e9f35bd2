import importlib
import re
from pathlib import Path

import pytest

from data.settings import Settings

ROOT = Path(__file__).parents[1]
ROOMS = ["data", "models", "evaluation", "training", "service"]


@pytest.mark.parametrize("room", [*ROOMS, "gateways"])
def test_every_room_is_imported_from_this_checkout(room):
    module = importlib.import_module(room)
    assert Path(module.__file__).is_relative_to(ROOT)
    assert Path(module.__file__).relative_to(ROOT).parts[0].removesuffix(".py") == room


def test_tests_are_no_packages_that_would_hide_a_room():
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_every_setting_is_documented_and_no_other():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    table = page.split("## The workspace")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(Settings.model_fields)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_says_what_it_is_for(name):
    assert Settings.model_fields[name].description


def test_defaults_that_are_documented_are_those_that_hold():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| `([^`|]+)` \|", page, re.MULTILINE))
    assert len(rows) > 5
    for name, default in rows.items():
        if name in Settings.model_fields:
            assert str(Settings.model_fields[name].default) == default
