"""Write interactions.csv: the invented school year of sixty learners, the same at every run."""

import csv
import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).parent
FIRST_DAY = datetime(2025, 9, 1, tzinfo=UTC)
HOLIDAYS = [
    ("2025-10-25", "2025-11-02"),
    ("2025-12-20", "2026-01-04"),
    ("2026-04-04", "2026-04-19"),
]
LANGUAGES = {"saltmere-2024": ["en", "en", "en es"], "arvelle-2023": ["fr", "fr", "fr ar"]}
PRACTICE_KINDS = {"exercise", "quiz", "game", "simulation"}


def read(name: str) -> list[dict[str, Any]]:
    """Read a JSONL or CSV file of the folder."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        if name.endswith(".csv"):
            return list(csv.DictReader(file))
        return [json.loads(line) for line in file]


OUTCOMES = {row["id"]: row for row in read("outcomes.jsonl") if row["assignable"]}
RESOURCES = {row["id"]: row for row in read("resources.jsonl")}
EDGES = read("prerequisites.csv")
PAIRS = [row for row in read("alignments.csv") if row["relation"] != "requires"]
YEAR = {
    key: max(int(level.split()[-1]) for level in row["levels"]) for key, row in OUTCOMES.items()
}
REQUIRES = {key: [edge["requires"] for edge in EDGES if edge["outcome"] == key] for key in OUTCOMES}
TARGETS = {key: [pair["outcome"] for pair in PAIRS if pair["resource"] == key] for key in RESOURCES}


class Learner:
    """A pseudonym with an ability and a mastery (0 to 1) of each outcome of one framework."""

    def __init__(self, rng: Random, number: int) -> None:
        self.rng, self.name = rng, f"l-{rng.getrandbits(24):06x}"
        self.framework = "arvelle-2023" if number % 5 < 2 else "saltmere-2024"
        languages, self.year = rng.choice(LANGUAGES[self.framework]).split(), rng.randint(4, 8)
        self.ability = min(max(rng.gauss(0.55, 0.22), 0.1), 0.95)
        self.outcomes = [key for key, row in OUTCOMES.items() if row["framework"] == self.framework]
        readable = [key for key, row in RESOURCES.items() if row["language"] in languages]
        self.shelf = {
            outcome: [key for key in readable if outcome in TARGETS[key]]
            for outcome in self.outcomes
        }
        self.extras = [key for key in readable if not TARGETS[key]]
        self.mastery = dict.fromkeys(self.outcomes, 0.1)
        for key in self.outcomes:
            if YEAR[key] < self.year:  # earlier work is known the better, the abler the learner
                self.mastery[key] = min(max(rng.gauss(0.2 + 0.8 * self.ability, 0.15), 0.05), 1.0)
        self.practised = dict.fromkeys(self.outcomes, FIRST_DAY)
        self.rows: list[list[str | int]] = []

    def knows(self, outcome: str, now: datetime) -> float:
        """Mastery after forgetting: half of it lasts, the rest fades over some weeks."""
        days = (now - self.practised[outcome]).total_seconds() / 86400
        return self.mastery[outcome] * (0.5 + 0.5 * math.exp(-days / 40))

    def readiness(self, outcome: str, now: datetime) -> float:
        """How well the weakest prerequisite is known; 1 where there is none."""
        return min((self.knows(needed, now) for needed in REQUIRES[outcome]), default=1.0)

    def learn(self, outcome: str, now: datetime, rate: float) -> None:
        """Practise an outcome; little sticks where the prerequisites are missing."""
        known, ready = self.knows(outcome, now), self.readiness(outcome, now)
        gain = rate * (0.4 + self.ability) * (0.2 + 0.8 * ready)
        self.mastery[outcome] = known + (1 - known) * gain
        self.practised[outcome] = now

    def record(self, resource: str, item: str, now: datetime, event: str, score: str = "") -> None:
        """Note an event with those of the resource's outcomes that are in the framework."""
        mine = ";".join(key for key in TARGETS[resource] if key in self.mastery)
        self.rows.append([self.name, resource, item, mine, int(now.timestamp()), event, score])

    def next_outcome(self, now: datetime) -> str:
        """Mostly something unknown and within reach; now and then the class just moves on."""
        near = [
            key for key in self.outcomes if self.shelf[key] and -2 <= YEAR[key] - self.year <= 1
        ]
        reach = [0.03 + self.readiness(k, now) ** 3 * (1 - self.knows(k, now)) for k in near]
        chosen: str = self.rng.choices(near, reach)[0]
        return chosen

    def session(self, outcome: str, now: datetime) -> None:
        """One sitting on one outcome: perhaps a look at a lesson, then a quiz or a few items."""
        rng, choices = self.rng, self.shelf[outcome]
        lessons = [key for key in choices if RESOURCES[key]["kind"] not in PRACTICE_KINDS]
        if rng.random() < 0.06:
            self.record(rng.choice(self.extras), "", now - timedelta(minutes=5), "viewed")
        if lessons and rng.random() < 0.7:
            event = rng.choices(
                ["viewed", "completed", "skipped"], [5, 3, 1 if self.ability > 0.4 else 3]
            )[0]
            self.record(rng.choice(lessons), "", now, event)
            self.learn(outcome, now, 0.03 if event == "skipped" else 0.25)
            now += timedelta(minutes=1 if event == "skipped" else rng.randint(5, 15))
        chosen = rng.choice([key for key in choices if key not in lessons] or choices)
        ready = 0.35 + 0.65 * self.readiness(outcome, now)
        right = 0.08 + 0.88 * self.knows(outcome, now) ** 0.7 * ready
        if RESOURCES[chosen]["kind"] == "quiz":
            score = sum(rng.random() < right for _ in range(10)) / 10
            self.record(chosen, "", now, "completed", f"{score:g}")
        else:
            now = self.practise(chosen, right, now)
        self.learn(outcome, now, 0.35)

    def practise(self, resource: str, right: float, now: datetime) -> datetime:
        """Answer one to three questions, each right with that probability; returns the end."""
        rng = self.rng
        for question in sorted(rng.sample(range(1, 11), rng.randint(1, 3))):
            event, score = "skipped", ""
            if rng.random() >= 0.05:
                event, score = "attempted", str(int(rng.random() < right))
            self.record(resource, f"{resource}#{question}", now, event, score)
            now += timedelta(seconds=rng.randint(40, 240))
        return now

    def school_year(self) -> list[list[str | int]]:
        """Return 20 to 60 events in sessions on school days, some in a row on one outcome."""
        days = [
            day
            for day in (FIRST_DAY + timedelta(days=n) for n in range(299))
            if day.weekday() < 5
            and not any(first <= day.date().isoformat() <= last for first, last in HOLIDAYS)
        ]
        goal = self.rng.randint(24, 60)
        planned: list[str] = []
        for day in sorted(self.rng.sample(days, goal * 2 // 5 + 1)):
            hour = self.rng.choice([8, 9, 10, 11, 13, 14, 17, 18, 19])
            now = day + timedelta(hours=hour, seconds=self.rng.randrange(600, 3000))
            planned = planned or [self.next_outcome(now)] * self.rng.randint(2, 5)
            self.session(planned.pop(), now)
        return self.rows[:goal]


def main() -> None:
    """Simulate every learner and write the events in the order in which they happened."""
    rng = Random(20250901)  # noqa: S311 - a simulation, nothing secret
    rows = [row for number in range(60) for row in Learner(rng, number).school_year()]
    rows.sort(key=lambda row: (row[4], row[0]))
    header = ["learner", "resource", "item", "outcome", "time", "event", "score"]
    with (FOLDER / "interactions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()
