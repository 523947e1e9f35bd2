"""How much is under way, and whether another question would be answered in time."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from service.http.problems import BusyError

CROWD: Final = 8
"""Fewer questions than these share batches and threads so little that they tell no rate."""

SAMPLE_SECONDS: Final = 0.25
NEWEST: Final = 0.3
"""What the newest sample weighs in the mean, the others before it the rest."""


class Turns:
    """Lets questions in as long as those before them will be answered within `most_wait` seconds.

    How quickly they are answered is measured while there is a crowd. A question beyond that is
    refused at once: worked on when nobody waits for its answer any more, it would take the place
    of one that is waited for. For one event loop.
    """

    def __init__(self, most_wait: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most_wait = most_wait
        self._clock = clock
        self._under_way = 0
        self._each = 0.0
        self._sample: tuple[float, int] | None = None

    @property
    def under_way(self) -> int:
        """Questions that were let in and are not answered yet."""
        return self._under_way

    @contextmanager
    def turn(self, questions: int = 1) -> Iterator[None]:
        """Hold a place for these until they are answered. Raises BusyError.

        They come in together: what counts is how long the first would wait.
        """
        wait = self._under_way * self._each
        if wait > self._most_wait:
            raise BusyError(
                f"{self._under_way:,} questions are under way; try again in a moment",
                math.ceil(wait - self._most_wait),
            )
        self._under_way += questions
        try:
            yield
            self._answered(questions)
        finally:
            self._under_way -= questions

    def _answered(self, questions: int) -> None:
        now = self._clock()
        if self._under_way < CROWD:
            self._sample = None
            return
        began, count = self._sample or (now, -questions)  # what ends the first one began before
        count += questions
        if now - began < SAMPLE_SECONDS:
            self._sample = (began, count)
            return
        found = (now - began) / max(1, count)
        self._each = found if not self._each else NEWEST * found + (1 - NEWEST) * self._each
        self._sample = (now, 0)
