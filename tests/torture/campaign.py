"""One round: so many faults on a new workspace under load, each looked at when it is over."""

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.torture.faults import NEEDS_DISK, Fault
from tests.torture.kept import losses
from tests.torture.load import Load
from tests.torture.victim import Victim

OUTCOMES, RESOURCES = 30, 60
WORDS = ("add", "draw", "half", "moon", "map", "square", "verb", "animal", "island", "fraction")


@dataclass
class Round:
    """What was done to a workspace, and what came of it."""

    seed: str
    database: str
    faults: Counter = field(default_factory=Counter)
    decisions: int = 0
    interactions: int = 0
    answers: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def told(self) -> dict:
        """As JSON has it."""
        return asdict(self) | {"faults": dict(self.faults)}


def prepared(folder: Path, bundle: Path, settings: dict[str, str]) -> Victim:
    """A workspace with two indexes, whose encoder is a bundle on its own disk."""
    home = folder / "home"
    victim = Victim(folder, {"GATEWAYS_ENCODER": str(home / "bundle"), **settings})
    shutil.copytree(bundle, victim.disk / "bundle")
    for number, resources in enumerate((RESOURCES - 1, RESOURCES)):
        dataset = folder / f"dataset{number}"
        write_dataset(dataset, resources)
        for command in (["import", dataset], ["index"]):
            status, said = victim.run(*command)
            assert status == 0, said
    return victim


def write_dataset(folder: Path, resources: int) -> None:
    """Outcomes and resources of few words."""
    folder.mkdir()
    chance = random.Random(1)
    rows = {
        "outcomes": [
            {"id": f"o{n}", "framework": "f", "title": " ".join(chance.sample(WORDS, 4))}
            for n in range(OUTCOMES)
        ],
        "resources": [
            {"id": f"r{n}", "title": " ".join(chance.sample(WORDS, 5))} for n in range(resources)
        ],
    }
    for kind, of_kind in rows.items():
        lines = "".join(json.dumps({**row, "language": "en"}) + "\n" for row in of_kind)
        (folder / f"{kind}.jsonl").write_text(lines)


def chosen(
    of: Mapping[Fault, int], victim: Victim, chance: random.Random, count: int
) -> list[Fault]:
    """So many faults, each kind at least once where there is room, in a drawn order."""
    kinds = {one: often for one, often in of.items() if victim.has_disk or one not in NEEDS_DISK}
    drawn = chance.choices(list(kinds), list(kinds.values()), k=max(0, count - len(kinds)))
    found = [*kinds, *drawn][:count]
    chance.shuffle(found)
    return found


def torture(victim: Victim, kinds: list[Fault], done: Round) -> None:
    """Let these faults befall a server under load, and note in `done` what came of it."""
    chance = random.Random(done.seed)
    began = time.monotonic()
    victim.start()
    victim.until_ready()
    with Load(victim, OUTCOMES, RESOURCES, done.seed) as load:
        load.goes_on()
        for kind in kinds:
            done.faults[kind.__name__] += 1
            try:
                kind(victim, chance)
                if not victim.process:
                    victim.start()
                victim.until_ready()
                load.goes_on()
            except AssertionError as error:
                done.wrong.append(f"{kind.__name__}: {error}")
                break
            done.lost += losses(victim, load.record)
        victim.turn()
    done.lost += losses(victim, load.record)
    record = load.record
    done.wrong += record.wrong
    done.decisions, done.interactions = len(record.decided), len(record.done)
    done.answers = record.statuses.pop("asked", 0)
    done.statuses = {str(status): count for status, count in record.statuses.items()}
    done.seconds = round(time.monotonic() - began, 1)
