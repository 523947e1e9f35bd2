"""`make torture`: rounds of faults until there are enough, with figures as JSON.

What a killed run had finished is not done again: give it the same FILE.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.torture.bundle import make_bundle
from tests.torture.campaign import Round, chosen, prepared, torture
from tests.torture.database import database
from tests.torture.faults import ON_SQLITE


def main() -> int:
    """Run what is missing; the status is 1 if anything was lost or wrong."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("--faults", type=int, default=1000, help="how many at least")
    parser.add_argument("--each", type=int, default=100, help="faults of a round")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database alone")
    parser.add_argument("--rounds", type=int, default=10**6, help="at most so many now")
    parser.add_argument("--file", type=Path, default=Path("torture.json"))
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended, too
    rounds = json.loads(asked.file.read_text()) if asked.file.exists() else []
    for _ in range(asked.rounds):
        if sum(_count(one) for one in rounds) >= asked.faults:
            break
        seed = f"{asked.seed}.{len(rounds)}"
        on_server = asked.only == "postgresql" if asked.only else len(rounds) % 3 == 2
        done = one_round(seed, asked.each, on_server=on_server)
        rounds.append(done.told())
        asked.file.write_text(json.dumps(rounds, indent=1))
        _say(f"round {seed} on {done.database}: {_count(done.told())} faults in {done.seconds} s")
        for line in (*done.lost, *done.wrong):
            _say(f"  {line}")
    return _summary(rounds)


def one_round(seed: str, count: int, *, on_server: bool) -> Round:
    """So many faults on a new workspace, over SQLite or a server's database."""
    with tempfile.TemporaryDirectory(prefix="torture-") as place:
        folder = Path(place)
        bundle = make_bundle(folder)
        if on_server:
            with database() as own:
                return _tortured(folder, bundle, seed, count, own.faults(), own.url)
        return _tortured(folder, bundle, seed, count, ON_SQLITE)


def _tortured(folder, bundle, seed, count, kinds, url=None) -> Round:
    done = Round(seed, "PostgreSQL" if url else "SQLite")
    victim = prepared(folder, bundle, {"GATEWAYS_DATABASE_URL": url} if url else {})
    try:
        torture(victim, chosen(kinds, victim, random.Random(seed), count), done)
    finally:
        victim.close()
    return done


def _count(one: dict) -> int:
    return sum(one["faults"].values())


def _summary(rounds: list[dict]) -> int:
    kinds: Counter = Counter()
    for one in rounds:
        kinds.update(one["faults"])
    for kind, count in kinds.most_common():
        _say(f"{kind.replace('_', ' '):<20} {count:6,}")
    told = {name: sum(one[name] for one in rounds) for name in ("decisions", "interactions")}
    lost = sum(len(one["lost"]) for one in rounds)
    wrong = sum(len(one["wrong"]) for one in rounds)
    _say(
        f"{kinds.total():,} faults; acknowledged: {told['decisions']:,} decisions and "
        f"{told['interactions']:,} interactions; lost: {lost or 'none'}; wrong: {wrong or 'none'}"
    )
    return 1 if lost or wrong else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
