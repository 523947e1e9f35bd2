"""What can befall a server: each fault begins, lasts a while under load, and ends."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.torture.victim import Victim

LOG_TAIL = 2000


class UnexplainedError(AssertionError):
    """The server neither answered nor said what is wrong."""


def killed(victim: Victim, chance: random.Random) -> None:
    """SIGKILL."""
    time.sleep(chance.uniform(0, 0.3))
    victim.kill()
    victim.start()


def stopped(victim: Victim, chance: random.Random) -> None:
    """SIGSTOP, and SIGCONT a while later."""
    victim.signal(signal.SIGSTOP)
    time.sleep(chance.uniform(0.01, 0.5))
    victim.signal(signal.SIGCONT)


def clock_jumps(victim: Victim, chance: random.Random) -> None:
    """The clock is put forward or back, by seconds or by years."""
    victim.turn(clock=chance.choice((-1, 1)) * 10 ** chance.uniform(0, 8.5))
    time.sleep(chance.uniform(0.05, 0.4))
    if chance.random() < 0.5:
        victim.turn()


def slow_disk(victim: Victim, chance: random.Random) -> None:
    """Every commit takes longer."""
    victim.turn(commit=chance.uniform(0.05, 0.5))
    time.sleep(chance.uniform(0.1, 0.5))
    victim.turn()


def no_writes(victim: Victim, chance: random.Random) -> None:
    """No file may grow, or grow beyond so many bytes."""
    victim.let_write(chance.choice((0, 4096, 100_000)))
    time.sleep(chance.uniform(0.1, 0.4))
    victim.let_write()


def full_disk(victim: Victim, chance: random.Random) -> None:
    """All of the disk is taken."""
    ballast = victim.disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(2**16))
    time.sleep(chance.uniform(0.1, 0.5))
    if chance.random() < 0.2:
        victim.kill()
        victim.start()
    ballast.unlink()
    if not victim.process:
        victim.start()


def read_only_disk(victim: Victim, chance: random.Random) -> None:
    """The server is started on a disk that cannot be written to."""
    victim.kill()
    if victim.mount("ro"):
        raise UnexplainedError("the disk could not be made read-only")
    victim.start()
    _explained(victim, "written|writable|opened|permissions|read-only")
    victim.kill()
    if victim.mount("rw"):
        raise UnexplainedError("the disk could not be made writable again")
    victim.start()


def held_database(victim: Victim, chance: random.Random) -> None:
    """Another process writes for a while."""
    victim.hold(chance.uniform(0.05, 0.5))


def damaged_snapshot(victim: Victim, chance: random.Random) -> None:
    """A file of the newest index is altered, cut short or gone when the server starts."""
    snapshots = victim.disk / "snapshots"
    folder = snapshots / (snapshots / "current").read_text()
    _damaged_file(victim, chance, [path for path in folder.rglob("*") if path.is_file()])


def damaged_bundle(victim: Victim, chance: random.Random) -> None:
    """A file of the models is altered, cut short or gone when the server starts."""
    names = ("low_rank.safetensors", "bundle.json")
    _damaged_file(victim, chance, [victim.disk / "bundle" / name for name in names])


def damaged_pointer(victim: Victim, chance: random.Random) -> None:
    """The name of the index in use is nonsense."""
    _damaged_file(victim, chance, [victim.disk / "snapshots" / "current"])


def damaged_vectors(victim: Victim, chance: random.Random) -> None:
    """The vectors that were kept are altered when an index is made."""
    (file,) = (victim.disk / "vectors").glob("*.sqlite")
    _spoil(file, chance)
    status, said = victim.run("index", "--rebuild")
    if status:
        raise UnexplainedError(f"index: {said[-LOG_TAIL:]}")


def damaged_database(victim: Victim, chance: random.Random) -> None:
    """Pages of the database are altered or gone; afterwards a copy is put back."""
    victim.kill()
    there = [path for path in victim.disk.glob("catalogue.sqlite*") if path.is_file()]
    safe = victim.home.parent / "safe"
    shutil.rmtree(safe, ignore_errors=True)
    safe.mkdir()
    for path in there:
        shutil.copyfile(path, safe / path.name)
    _spoil_pages(victim.disk / "catalogue.sqlite", chance)
    victim.is_damaged = True
    victim.start()
    time.sleep(chance.uniform(0.2, 0.6))
    _answers_or_says_why(victim)
    victim.kill()
    victim.is_damaged = False
    for path in victim.disk.glob("catalogue.sqlite*"):
        path.unlink()
    for path in safe.iterdir():
        shutil.copyfile(path, victim.disk / path.name)
    victim.start()


def _damaged_file(victim: Victim, chance: random.Random, files: list[Path]) -> None:
    file = chance.choice(sorted(files))
    content = file.read_bytes()
    victim.kill()
    _spoil(file, chance)
    try:
        victim.start()
        _answers_or_says_why(victim)
        time.sleep(chance.uniform(0, 0.2))
    finally:
        # Put back under another name first: the server looks at it meanwhile.
        aside = file.with_name(".mended")
        aside.write_bytes(content)
        aside.replace(file)
    if not victim.process or chance.random() < 0.5:
        victim.kill()
        victim.start()


def _answers_or_says_why(victim: Victim) -> None:
    if not victim.process:
        _explained(victim, r"damaged|missing|changed|no bundle|cannot be opened|no such|decode")
        return
    status, said = victim.asked("/readyz")
    if status == 200 or (status == 503 and said.get("detail")):
        return
    raise UnexplainedError(f"/readyz: {status} {said}")


def _explained(victim: Victim, pattern: str) -> None:
    """A server that has ended said why in its last line, and no traceback."""
    import re

    if victim.process:
        return _answers_or_says_why(victim)
    lines = victim.log.read_text().splitlines()
    if not lines or not lines[-1].startswith("gateways: ") or not re.search(pattern, lines[-1]):
        raise UnexplainedError("\n".join(lines[-30:]))
    return None


def _spoil(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    how = chance.choice(("altered", "short", "empty", "gone"))
    if how == "gone":
        file.unlink()
        return
    if how == "altered":
        for _ in range(chance.randrange(1, 20)):
            content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    else:
        content = content[: chance.randrange(len(content)) if how == "short" else 0]
    with file.open("r+b") as written:
        written.write(content)
        written.truncate()


def _spoil_pages(file: Path, chance: random.Random) -> None:
    size = 4096
    with file.open("r+b") as written:
        pages = max(1, os.fstat(written.fileno()).st_size // size)
        if chance.random() < 0.3:
            written.truncate(chance.randrange(pages) * size + chance.choice((0, 100)))
            return
        for _ in range(chance.randrange(1, 6)):
            page = chance.randrange(pages)
            written.seek(page * size + chance.randrange(size - 64))
            written.write(chance.choice((bytes(64), chance.randbytes(64))))


Fault = Callable[[Victim, random.Random], None]
# How often each comes, against the others; those that start the server anew cost the most.
ON_SQLITE: dict[Fault, int] = {
    killed: 6,
    stopped: 6,
    clock_jumps: 4,
    slow_disk: 4,
    no_writes: 6,
    full_disk: 6,
    held_database: 4,
    read_only_disk: 1,
    damaged_snapshot: 3,
    damaged_bundle: 1,
    damaged_pointer: 1,
    damaged_vectors: 1,
    damaged_database: 3,
}
NEEDS_DISK = {full_disk, read_only_disk}
