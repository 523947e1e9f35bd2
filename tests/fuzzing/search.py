"""Looks for bytes that a reader cannot withstand, led by which lines they reach (atheris).

`python tests/fuzzing/search.py NAME SECONDS`; without a name, each reader in a process of its own.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 4096


def search(name, seconds):
    """Try bytes on one reader until the time is over; what it cannot withstand ends the process."""
    import atheris

    with atheris.instrument_imports(include=["data", "service.lti", "models.snapshots"]):
        from tests.fuzzing.readers import READERS
    reader = READERS[name]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(reader.seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        found = ROOT / ".hypothesis" / "found"
        found.mkdir(parents=True, exist_ok=True)
        options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=20"]
        options += ["-rss_limit_mb=4096", f"-artifact_prefix={found}/", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *options, corpus], reader.withstands)
        atheris.Fuzz()


def main():
    """Search in one reader, or in all of them one after another."""
    *names, seconds = sys.argv[1:]
    if names:
        search(names[0], int(seconds))
        return
    from tests.fuzzing.readers import READERS

    failed = [
        name
        for name in READERS
        if subprocess.run([sys.executable, __file__, name, seconds], check=False).returncode
    ]
    sys.exit(f"these cannot withstand what was found: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
