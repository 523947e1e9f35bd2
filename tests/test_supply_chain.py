import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
FILE = ROOT / "deploy" / "supply_chain.py"
LOCKS = sorted((ROOT / "locks").glob("*.txt"))


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


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_each_package_that_is_locked_has_a_version_and_a_checksum_and_no_address(lock):
    blocks = re.findall(r"^\w.*\n(?: .*\n)*", text := lock.read_text(), re.MULTILINE)
    assert "".join(blocks) == text
    for block in blocks:
        assert re.fullmatch(
            r"[\w.-]+==[^;]+?( ;.+?)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n", block
        )
        assert "://" not in block


def locked(*names):
    texts = [path.read_text() for path in LOCKS if not names or path.stem in names]
    return dict(pin for text in texts for pin in re.findall(r"^(\S+)==(\S+)", text, re.MULTILINE))


def test_what_the_project_asks_for_is_locked_and_what_is_installed_is_what_is_locked(supply_chain):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"] | {"run": project["dependencies"]}
    for extra, wanted in extras.items():
        there = locked("torch", "run", extra)
        for one in map(Requirement, wanted):
            assert there[canonicalize_name(one.name)] in one.specifier, f"make lock: {one}"
    pins = locked(*extras, "torch")
    for one in supply_chain.installed():
        if one.name != "pip":  # which comes with Python
            name, version = canonicalize_name(one.name), one.version.partition("+")[0]
            assert pins[name] == version, "make lock, or make install"


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ([], 0),
        ([{"id": "PYSEC-1", "fix_versions": ["2.0"]}], 1),
        (None, 3),
    ],
)
def test_a_package_that_nobody_could_be_asked_for_is_no_package_without_vulnerabilities(
    supply_chain, found, status
):
    one = {"name": "sums", "version": "1.0"}
    one |= {"skip_reason": "nobody knows it"} if found is None else {"vulns": found}
    said, text = supply_chain.judged([one, {"name": "good", "version": "1", "vulns": []}])
    assert said == status
    assert ("NOT CHECKED: 1 packages, sums" in text) is (found is None)
    assert ("sums 1.0: PYSEC-1, mended in 2.0" in text) is bool(found)


def test_the_container_does_not_run_as_root():
    lines = (FILE.parents[1] / "Dockerfile").read_text().splitlines()
    *_, user = [line for line in lines if line.startswith("USER ")]
    assert user.removeprefix("USER ") not in ("root", "0")
