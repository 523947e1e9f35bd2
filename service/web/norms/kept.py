"""Reports that were made, kept until what they tell of changes."""

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Final
from weakref import WeakKeyDictionary

from data.catalogue import Catalogue
from evaluation.conformance.judging import Question, judge
from evaluation.conformance.report import Report

MOST: Final = 16
PATIENCE: Final = 5.0
"""Seconds that a page waits for a report; that of a large catalogue takes longer."""

_lock: Final = Lock()
_of: Final[WeakKeyDictionary[Catalogue, OrderedDict[str, Future[Report]]]] = WeakKeyDictionary()


def report_of(catalogue: Catalogue, question: Question) -> Report:
    """The report; made once for a state of the catalogue, a day and the question."""
    return _begun(catalogue, question).result()


def report_soon(catalogue: Catalogue, question: Question) -> Report | None:
    """The same, or None where it takes longer; it is then made meanwhile."""
    try:
        return _begun(catalogue, question).result(PATIENCE)
    except TimeoutError:
        return None


def _begun(catalogue: Catalogue, question: Question) -> Future[Report]:
    owners = catalogue.platforms.of_datasets()
    name = repr((catalogue.teaching_mark(), catalogue.datasets.all(), owners, question))
    with _lock:
        kept = _of.setdefault(catalogue, OrderedDict())
        future = kept.get(name)
        if future is None or (future.done() and future.exception()):
            future = kept[name] = Future()
            arguments = (future, catalogue, question)
            Thread(target=_make, args=arguments, name="norms", daemon=True).start()
        kept.move_to_end(name)
        if len(kept) > MOST:
            kept.popitem(last=False)
        return future


def _make(future: Future[Report], catalogue: Catalogue, question: Question) -> None:
    try:
        future.set_result(judge(catalogue, question))
    except BaseException as error:  # whoever waits is told
        future.set_exception(error)
