"""Keeps scikit-learn's trees to one thread."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """Keep scikit-learn's trees to one thread of OpenMP.

    Lists are short, and where other work wants the processors a team of threads waits for its
    slowest member at every step: fitting took six times as long.
    """
    limited: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="openmp")
    return limited


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
