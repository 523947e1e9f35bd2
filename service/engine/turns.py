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
FADING: Final = 0.7
"""What a sample weighs beside the one after it. Seconds and answers are summed, not their ratios:
answers of one batch come at once, and a sample may end at the first of them or at the last."""


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
        self._seconds = self._answers = 0.0
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
        wait = self._under_way * self._seconds / max(1.0, self._answers)
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
        if now - began < SAMPLE_SECONDS or count < CROWD:
            self._sample = (began, count)
            return
        self._seconds = FADING * self._seconds + now - began
        self._answers = FADING * self._answers + count
        self._sample = (now, 0)
