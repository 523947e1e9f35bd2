"""Reports that were made: kept until what they tell of changes, or a while if they take long."""

import time
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Final, TypeVar
from weakref import WeakKeyDictionary

from data.catalogue import Catalogue
from evaluation.conformance.judging import Question, judge
from evaluation.conformance.report import Report

T = TypeVar("T")

MOST: Final = 16
PATIENCE: Final = 5.0
"""Seconds that a page waits for a report; that of a large catalogue takes longer."""
LONG: Final = 1.0
"""Seconds. What takes less is made anew with every change, each decision among them."""
REST: Final = 20.0
"""What takes longer is made anew after this many times as long: a twentieth of a core at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A report of a state of the catalogue, when it was begun (Unix seconds), and what it took."""

    report: Report
    state: str
    began: float
    took: float

    @property
    def will_do(self) -> bool:
        """Whether it is shown though something has changed since."""
        return self.took > LONG and time.time() - self.began < REST * self.took


@dataclass(slots=True)
class _Shelf:
    """The reports of one catalogue: by its state and the question, and the last by the question."""

    by_state: OrderedDict[str, Future[Made]] = field(default_factory=OrderedDict)
    last: OrderedDict[str, Made] = field(default_factory=OrderedDict)


_lock: Final = Lock()
_shelves: Final[WeakKeyDictionary[Catalogue, _Shelf]] = WeakKeyDictionary()


def report_of(catalogue: Catalogue, question: Question) -> Report:
    """The report; made once for a state of the catalogue, a day and the question."""
    return _begun(catalogue, question, state_of(catalogue, question)).result().report


def report_soon(catalogue: Catalogue, question: Question) -> Made | None:
    """The same; where that takes long an earlier one, or None, and it is made meanwhile."""
    state = state_of(catalogue, question)
    with _lock:
        shelf = _shelves.setdefault(catalogue, _Shelf())
        before = shelf.last.get(repr(question))
        is_there = state in shelf.by_state
    if not is_there and before is not None and before.will_do:
        return before
    try:
        return _begun(catalogue, question, state).result(PATIENCE)
    except TimeoutError:
        return before


def state_of(catalogue: Catalogue, question: Question) -> str:
    """What changes with whatever the report tells of."""
    owners = catalogue.platforms.of_datasets()
    return repr((catalogue.teaching_mark(), catalogue.datasets.all(), owners, question))


def _begun(catalogue: Catalogue, question: Question, state: str) -> Future[Made]:
    with _lock:
        shelf = _shelves.setdefault(catalogue, _Shelf())
        future = shelf.by_state.get(state)
        if future is None or (future.done() and future.exception()):
            future = Future()
            arguments = (future, catalogue, question, state)
            Thread(target=_make, args=arguments, name="norms", daemon=True).start()
        _put(shelf.by_state, state, future)
        return future


def _make(future: Future[Made], catalogue: Catalogue, question: Question, state: str) -> None:
    began, clock = time.time(), time.monotonic()
    try:
        report = judge(catalogue, question)
        made = Made(report=report, state=state, began=began, took=time.monotonic() - clock)
        with _lock:
            _put(_shelves.setdefault(catalogue, _Shelf()).last, repr(question), made)
        future.set_result(made)
    except BaseException as error:  # whoever waits is told
        future.set_exception(error)


def _put(shelf: OrderedDict[str, T], name: str, thing: T) -> None:
    shelf[name] = thing
    shelf.move_to_end(name)
    if len(shelf) > MOST:
        shelf.popitem(last=False)
