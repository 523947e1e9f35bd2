import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "deploy" / "supply_chain.py"


@pytest.fixture(scope="module")
def supply_chain():
    spec = importlib.util.spec_from_file_location("supply_chain", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_whatever_is_installed_is_under_a_licence_that_may_be(supply_chain):
    packages = supply_chain.installed()
    assert len(packages) > 50
    assert list(supply_chain.objections(packages)) == []


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("MPL-2.0 AND (GPL-2.0-only OR AGPL-3.0-only)", False),
        ("Apache-2.0 WITH LLVM-exception AND MIT", True),
        ("", False),
    ],
)
def test_an_expression_is_allowed_if_what_must_be_is(supply_chain, expression, allowed):
    assert supply_chain.is_allowed(expression) is allowed


def test_the_bill_names_every_package_once(supply_chain):
    packages = supply_chain.installed()
    bill = supply_chain.bill(packages)
    places = [one["purl"] for one in bill["components"]]
    assert bill["bomFormat"] == "CycloneDX"
    assert len(places) == len(set(places)) == len(packages)
    assert any(place.startswith("pkg:pypi/numpy@") for place in places)


def test_the_container_does_not_run_as_root():
    lines = (FILE.parents[1] / "Dockerfile").read_text().splitlines()
    *_, user = [line for line in lines if line.startswith("USER ")]
    assert user.removeprefix("USER ") not in ("root", "0")
