"""Reports that were made, kept until what they tell of changes."""

from collections import OrderedDict
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from data.catalogue import Catalogue
from evaluation.conformance.judging import Question, judge
from evaluation.conformance.report import Report

MOST: Final = 16


class _Kept:
    def __init__(self) -> None:
        self.lock = Lock()
        self.reports: OrderedDict[str, Report] = OrderedDict()


_of: WeakKeyDictionary[Catalogue, _Kept] = WeakKeyDictionary()


def report_of(catalogue: Catalogue, question: Question) -> Report:
    """The report; made once for a state of the catalogue, a day and the question."""
    kept = _of.setdefault(catalogue, _Kept())
    state = (catalogue.teaching_mark(), catalogue.datasets.all(), question)
    with kept.lock:  # who asks the same meanwhile waits for it
        name = repr(state)
        if name not in kept.reports:
            kept.reports[name] = judge(catalogue, question)
        kept.reports.move_to_end(name)
        while len(kept.reports) > MOST:
            kept.reports.popitem(last=False)
        return kept.reports[name]
