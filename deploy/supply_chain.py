"""What is installed beside the program: under which licences, as a bill of materials, how safe.

The first two ask nobody: they read what pip has noted of each package of the environment that runs
them. The third has pip-audit, which is installed beside the Python that runs it, ask whether a
vulnerability is known of any package that is locked.

    python deploy/supply_chain.py licences
    python deploy/supply_chain.py bill sbom.json
    python deploy/supply_chain.py vulnerabilities locks/*.txt
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

OURS = "gateways"
# What may be used and given away with a program under Apache-2.0: an expression is allowed if each
# part that is joined by AND is, and of parts that are joined by OR one is.
ALLOWED = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0"),
        *("CNRI-Python", "HPND", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0"),
        *("PSF-2.0", "Unlicense", "Zlib", "Apache-2.0 WITH LLVM-exception"),
    }
)
# How packages say it that do not use SPDX's names.
CALLED = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Packages that note none, and where theirs was read.
NOTED = {
    "atheris": "Apache-2.0",  # LICENSE in its wheel
    "axe-playwright-python": "MIT",  # LICENSE in its wheel
    "huey": "MIT",  # LICENSE in its wheel
    "skops": "MIT",  # LICENSE in its wheel
}


@dataclass(frozen=True, order=True)
class Package:
    """One that is installed, and its licence as an SPDX expression; "" where none is noted."""

    name: str
    version: str
    licence: str


def installed() -> list[Package]:
    """Every package of this environment but the program, by name."""
    found = {Package(one.metadata["Name"], one.version, licence_of(one)) for one in distributions()}
    return sorted(one for one in found if one.name != OURS)


def licence_of(one: Distribution) -> str:
    """What a package says of its licence: an expression, else classifiers, else a line of text."""
    said = one.metadata
    if expression := said.get("License-Expression"):
        return str(expression)
    classified = [
        place.rpartition(" :: ")[2]
        for place in said.get_all("Classifier") or []
        if place.startswith("License ::") and place.count(" :: ") > 1
    ]
    if classified:
        return " AND ".join(CALLED.get(name, name) for name in classified)
    line = str(said.get("License") or "").strip().partition("\n")[0]
    return CALLED.get(line, line) or NOTED.get(said["Name"], "")


def is_allowed(expression: str) -> bool:
    """Whether one may be used and given away under a licence."""
    bare = expression.strip()
    while (inner := re.sub(r"\(([^()]*)\)", lambda found: _verdict(found[1]), bare)) != bare:
        bare = inner
    return _verdict(bare) == "0BSD"


def _verdict(flat: str) -> str:
    """For an expression without brackets: a licence that is allowed if it is, else none."""
    fine = all(
        any(one.strip() in ALLOWED for one in part.split(" OR ")) for part in flat.split(" AND ")
    )
    return "0BSD" if fine else "refused"


def objections(packages: list[Package]) -> Iterator[str]:
    """A line for each package whose licence is not allowed, or not known."""
    for one in packages:
        if not is_allowed(one.licence):
            yield f"{one.name} {one.version}: {one.licence or 'no licence is noted'}"


def bill(packages: list[Package]) -> dict[str, object]:
    """The bill of materials (CycloneDX 1.6): the same of the same packages."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": OURS, "bom-ref": OURS}},
        "components": [
            {
                "type": "library",
                "bom-ref": _address(one),
                "name": one.name,
                "version": one.version,
                "purl": _address(one),
                "licenses": [{"license": {"name": one.licence or "not noted"}}],
            }
            for one in packages
        ],
    }


def _address(one: Package) -> str:
    name = re.sub(r"[-_.]+", "-", one.name).lower()
    return f"pkg:pypi/{name}@{one.version.partition('+')[0]}"


def asked(locks: list[str]) -> tuple[int, str]:
    """Have pip-audit ask of each package of these files; the status, and what to say.

    0 where all were asked for and nothing is known; 1 where a vulnerability is; 3 where nothing is
    known but some were not asked for, of which pip-audit itself says that all is well.
    """
    command = [str(Path(sys.executable).parent / "pip-audit"), "--disable-pip", "--require-hashes"]
    command += ["--format", "json", "--progress-spinner", "off", "--requirement"]
    said: list[dict[str, Any]] = []
    for lock in locks:  # one by one, since it takes no name twice
        done = subprocess.run([*command, lock], capture_output=True, text=True, check=False)
        try:
            said += json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            why = done.stderr.strip().rpartition("\n")[2] or "pip-audit said nothing"
            return 3, f"NOT CHECKED: {lock} and what comes after it. {why}"
    return judged(said)


def judged(said: list[dict[str, Any]]) -> tuple[int, str]:
    """What pip-audit found of each package, as a status and lines."""
    known = {
        f"{one['name']} {one['version']}: {found['id']}, "
        f"mended in {', '.join(found['fix_versions']) or 'no version'}"
        for one in said
        for found in one.get("vulns", ())
    }
    skipped = sorted({one["name"] for one in said if "skip_reason" in one})
    checked = len({one["name"] for one in said}) - len(skipped)
    lines = [*sorted(known), f"{checked} packages checked, {len(known)} vulnerabilities known."]
    if skipped:
        reasons = {one["skip_reason"] for one in said if one["name"] == skipped[0]}
        lines.append(f"NOT CHECKED: {len(skipped)} packages, {', '.join(skipped)}.")
        lines.append(f"Of the first it is said: {'; '.join(sorted(reasons))}")
    return (1 if known else 3 if skipped else 0), "\n".join(lines)


def main() -> int:
    """Do what the command line says; the status is 0 where nothing is to be looked at."""
    packages = installed()
    match sys.argv[1:]:
        case ["licences"]:
            found = list(objections(packages))
            print("\n".join(found) or f"All {len(packages)} packages may be used.")
            return 1 if found else 0
        case ["bill", out]:
            Path(out).write_text(json.dumps(bill(packages), indent=1) + "\n", encoding="utf-8")
            print(f"Wrote {len(packages)} packages to {out}.")
            return 0
        case ["vulnerabilities", *locks] if locks:
            status, text = asked(locks)
            print(text)
            return status
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
