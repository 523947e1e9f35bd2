"""Memory that is no longer used, and that the C library keeps for later."""

import ctypes
from contextlib import suppress
from typing import Final

ARENAS: Final = 2
"""Heaps that threads share. By itself glibc gives each thread one, up to eight a core."""

_M_ARENA_MAX: Final = -8  # of malloc.h


def share_heaps() -> None:
    """Have glibc's heaps be few; call it before there are threads.

    Each keeps room for the most that its threads ever needed at once, whichever of them answers.
    """
    with suppress(AttributeError, OSError, TypeError):  # no glibc
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Have glibc give it back to the system; another C library does so by itself, or never.

    What an index held is freed in pieces by several threads, between others that live on. Left
    alone, a process grows with each change of index though it holds no more.
    """
    with suppress(AttributeError, OSError, TypeError):  # no glibc
        ctypes.CDLL(None).malloc_trim(0)
