"""Writes `locks/`: what an installation takes, each package by its version and its checksums.

`torch.txt` has torch alone, `run.txt` what the program needs besides, and a file for each extra
what that adds; `supply-chain.txt` is for this and `make audit`. Versions that are locked stay where
they may; with `--upgrade` the newest are taken that go together, but for torch.

    python deploy/lock.py [--upgrade]
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ROOT / "locks"
PROJECT = ROOT / "pyproject.toml"
UV = Path(sys.executable).parent / "uv"
# The address of no index is written down: each machine names its own.
QUIETLY = ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
QUIETLY += ["--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
HASH = re.compile(r"sha256:[0-9a-f]{64}")


def compiled(*arguments: str, locked: str = "", asked: str = "") -> dict[str, str]:
    """What uv resolves: by name, the lines of each package; near what is locked already."""
    with tempfile.TemporaryDirectory() as folder:
        out, more = Path(folder) / "out.txt", Path(folder) / "more.in"
        out.write_text(locked, encoding="utf-8")
        more.write_text(asked, encoding="utf-8")
        command = [str(UV), "pip", "compile", *QUIETLY, *arguments, str(more), "-o", str(out)]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        return packages(out.read_text(encoding="utf-8"))


def packages(text: str) -> dict[str, str]:
    """The lines of a lock by the name of the package; a name may have several, with markers."""
    found: dict[str, str] = {}
    for block in re.findall(r"^\w.*\n(?: .*\n)*", text, re.MULTILINE):
        name = re.split(r"[=\s]", block, maxsplit=1)[0]
        found[name] = found.get(name, "") + block
    return found


def torch(block: str, before: str) -> str:
    """Torch's lines, with the checksum of the build that pip takes here, wherever that is from."""
    pin = block.split(maxsplit=1)[0]
    known = set(HASH.findall(block))
    if pin in before:
        known |= set(HASH.findall(before))
    with tempfile.TemporaryDirectory() as folder:
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
        subprocess.run([*fetch, pin], check=True)
        (wheel,) = Path(folder).iterdir()
        with wheel.open("rb") as file:
            known.add(f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}")
    return " \\\n".join([pin, *(f"    --hash={one}" for one in sorted(known))]) + "\n"


def main() -> int:
    """Write each file anew."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    extras = list(project["project"]["optional-dependencies"])
    builds = "\n".join(project["build-system"]["requires"])
    LOCKS.mkdir(exist_ok=True)
    before = {path.stem: path.read_text(encoding="utf-8") for path in LOCKS.glob("*.txt")}
    tools_before = before.pop("supply-chain", "")
    pin = next(iter(before.get("torch", "torch").split()))
    everything = compiled(
        *(str(PROJECT), "--all-extras", *sys.argv[1:]),
        locked="".join(before.values()),
        asked=f"{builds}\n{pin}\n",
    )
    pins = "".join(re.sub(r" \\\n +--hash=\S+", "", block) for block in everything.values())
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.write(pins)
        constraints.flush()
        near = ("--constraint", constraints.name)
        run = compiled(str(PROJECT), *near, asked=builds)
        parts = {
            extra: compiled(str(PROJECT), "--extra", extra, *near, asked=builds).keys() - run.keys()
            for extra in extras
        }
    parts["run"] = run.keys() - {"torch"}
    tools = compiled("--group", "supply-chain", *sys.argv[1:], locked=tools_before)
    written = {name: [everything[one] for one in sorted(part)] for name, part in parts.items()}
    written["torch"] = [torch(everything["torch"], before.get("torch", ""))]
    written["supply-chain"] = list(tools.values())
    for name, blocks in written.items():
        (LOCKS / f"{name}.txt").write_text("".join(blocks), encoding="utf-8")
        print(f"locks/{name}.txt: {len(blocks)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
