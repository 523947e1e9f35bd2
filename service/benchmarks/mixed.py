"""What people and programs ask of a service, mixed, by clients that ask again at once."""

import http.client
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from service.benchmarks.load import HOST

SERVER_ERROR: Final = 500
PAGES: Final = ("/", "/find", "/curate", "/coverage", "/curate/crosswalk", "/learners")
LEARNERS: Final = 50
DID: Final = 20
"""Interactions of each learner. They are sent again and again: what is derived of a learner is held
in memory, so that a history without end would grow it as a leak does."""

PAIRS: Final = 200
"""Resources with outcomes that are decided on, over and over: what is accepted is held as well."""

Request = tuple[str, str, str, dict[str, Any] | None]
"""What it is called, its method, its path, its body."""


@dataclass(slots=True)
class Asked:
    """How many requests of each kind were sent, and how many failed: by us, or with no answer."""

    sent: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def count(self, kind: str, status: int | None) -> None:
        """Note an answer; None where there was none."""
        self.sent[kind] += 1
        if status is None or status >= SERVER_ERROR:
            self.failed[kind] += 1


class Mixture:
    """Draws requests about these resources and outcomes; the same seed draws the same."""

    def __init__(self, resources: Sequence[str], outcomes: Sequence[str], seed: int) -> None:
        self._resources = resources
        self._draw = random.Random(seed)  # noqa: S311  no secret is drawn
        self._pairs = _pairs(resources, outcomes)

    def next(self) -> Request:
        """Some request."""
        kinds: list[Callable[[], Request]] = [
            *(self._suggest, self._search, self._decide, self._recommend, self._interact),
            self._page,
        ]
        return self._draw.choice(kinds)()

    def _suggest(self) -> Request:
        words = self._draw.sample(("fractions", "volcano", "water", "angle", "verb", "cell"), 2)
        return "suggest", "POST", "/v1/suggestions", {"text": " ".join(words)}

    def _search(self) -> Request:
        return "search", "GET", "/v1/resources?limit=20", None

    def _decide(self) -> Request:
        resource, outcome = self._draw.choice(self._pairs)
        body = {
            "resource_id": resource,
            "outcome_id": outcome,
            "decision": self._draw.choice(("accept", "reject", "defer")),
        }
        return "decide", "POST", "/v1/decisions", body

    def _recommend(self) -> Request:
        return "recommend", "GET", f"/v1/learners/{self._learner()}/recommendations", None

    def _interact(self) -> Request:
        learner, number = self._learner(), self._draw.randrange(DID)
        body = {
            "id": f"{learner}-{number}",
            "learner": learner,
            "resource": self._resources[number % len(self._resources)],
            "event": "attempted",
            "score": number / DID,
            "time": float(1_700_000_000 + number),
        }
        return "interact", "POST", "/v1/interactions", body

    def _page(self) -> Request:
        return "page", "GET", self._draw.choice(PAGES), None

    def _learner(self) -> str:
        return f"l-{self._draw.randrange(LEARNERS)}"


def _pairs(resources: Sequence[str], outcomes: Sequence[str]) -> list[tuple[str, str]]:
    """The same for every client."""
    draw = random.Random(0)  # noqa: S311  no secret is drawn
    return [(draw.choice(resources), draw.choice(outcomes)) for _ in range(PAIRS)]


def ask(port: int, mixture: Mixture, asked: Asked, over: threading.Event) -> None:
    """Send one request after another on one connection, until it is `over`."""
    client = http.client.HTTPConnection(HOST, port, timeout=60)
    while not over.is_set():
        kind, method, path, body = mixture.next()
        headers = {"Content-Type": "application/json"} if body else {"Accept": "text/html"}
        try:
            client.request(method, path, json.dumps(body) if body else None, headers)
            response = client.getresponse()
            response.read()
            asked.count(kind, response.status)
        except (OSError, http.client.HTTPException):
            asked.count(kind, None)
            client.close()
    client.close()
