"""Curators who decide, learners who work, and somebody who asks: all the time, whatever happens."""

import http.client
import itertools
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from zlib import crc32

from tests.torture.victim import Victim

TEXTS = ("half of a square", "what the moon looks like", "a map of an island")
PASSING = {429, 503}


@dataclass
class Record:
    """What was sent, what was acknowledged, and what must never be.

    `decided` maps the note of an acknowledged decision to its number in the ledger, `done` has the
    ids of acknowledged interactions.
    """

    decided: dict[str, int] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    statuses: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    answers: dict[tuple[str, str], list] = field(default_factory=dict)


class Load:
    """Threads that send; each sends again what was not acknowledged, if that is without harm."""

    def __init__(self, victim: Victim, outcomes: int, resources: int, seed: str) -> None:
        self.record = Record()
        self._victim, self._seed = victim, seed
        self._outcomes, self._resources = outcomes, resources
        self._over = threading.Event()
        work = (self._decide, self._decide, self._learn, self._learn, self._ask)
        self._threads = [
            threading.Thread(target=self._again_and_again, args=(place, what))
            for place, what in enumerate(work)
        ]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(120)

    def goes_on(self) -> None:
        """Wait until something more was acknowledged of each kind."""
        before = len(self.record.decided), len(self.record.done), self.record.statuses["asked"]
        deadline = time.monotonic() + 120
        while True:
            now = len(self.record.decided), len(self.record.done), self.record.statuses["asked"]
            if all(more > less for more, less in zip(now, before, strict=True)):
                return
            assert time.monotonic() < deadline, (before, now, self.record.statuses)
            time.sleep(0.01)

    def _again_and_again(self, place: int, what) -> None:
        chance = random.Random(f"{self._seed} {place}")
        client = http.client.HTTPConnection("127.0.0.1", self._victim.port, timeout=60)
        for number in itertools.count():
            if self._over.is_set():
                client.close()
                return
            what(client, f"{place}-{number}", chance)

    def _decide(self, client, name: str, chance: random.Random) -> None:
        body = {
            "resource_id": f"r{chance.randrange(self._resources)}",
            "outcome_id": f"o{chance.randrange(self._outcomes)}",
            "decision": chance.choice(("accept", "defer")),
            "curator": f"curator {name[0]}",
            "note": f"{self._seed} {name}",
        }
        # Not sent again: whether it was kept before its answer was lost, nobody can tell.
        will_stay = not self._victim.is_damaged
        if (found := self._sent(client, "/v1/decisions", body, 201)) and will_stay:
            self.record.decided[body["note"]] = found["id"]

    def _learn(self, client, name: str, chance: random.Random) -> None:
        ids = [f"{self._seed}-{name}-{n}".replace(" ", "-") for n in range(chance.randrange(1, 4))]
        body = {
            "items": [
                {
                    "id": id_,
                    "learner": f"l-{name[0]}",
                    "resource": f"r{chance.randrange(self._resources)}",
                    "event": "attempted",
                    "score": 1,
                    # Told apart by it, since the same again at one time is the same.
                    "time": 1_700_000_000 + crc32(id_.encode()) / 100,
                }
                for id_ in ids
            ]
        }
        while not self._over.is_set():
            will_stay = not self._victim.is_damaged
            if (found := self._sent(client, "/v1/interactions", body, 200)) and will_stay:
                fates = {item["fate"] for item in found["items"]}
                if not fates <= {"kept", "known"}:
                    self.record.wrong.append(f"an interaction was refused: {found}")
                self.record.done.update(ids)
                return

    def _ask(self, client, _name: str, chance: random.Random) -> None:
        text = chance.choice(TEXTS)
        if found := self._sent(client, "/v1/suggestions", {"text": text, "k": 5}, 200):
            shown = [(one["outcome"]["id"], one["confidence"]) for one in found["items"]]
            before = self.record.answers.setdefault((found["index"], text), shown)
            if not _alike(before, shown):
                self.record.wrong.append(f"{text!r} of {found['index']}: {before} became {shown}")
            self.record.statuses["asked"] += 1

    def _sent(self, client, path: str, body: dict, expected: int) -> dict | None:
        try:
            client.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            response = client.getresponse()
            status, raw = response.status, response.read().decode()
            found = json.loads(raw)
        except (OSError, http.client.HTTPException, ValueError):
            client.close()
            self.record.statuses["no answer"] += 1
            time.sleep(0.02)
            return None
        self.record.statuses[status] += 1
        if status == expected:
            return found
        told = found.get("detail", "")
        if status not in PASSING or not told or "Traceback" in raw:
            self.record.wrong.append(f"{path}: {status} {raw[:300]}")
        elif response.headers["Retry-After"] is None:
            self.record.wrong.append(f"{path}: {status} does not say when to try again")
        time.sleep(0.02)
        return None


def _alike(one: list, other: list) -> bool:
    if [name for name, _ in one] != [name for name, _ in other]:
        return False
    pairs = zip(one, other, strict=True)
    return all(abs(first - second) < 0.02 for (_, first), (_, second) in pairs)
