"""Memory that is no longer used, and that the C library keeps for later."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Have glibc give it back to the system; another C library does so by itself, or never.

    What an index held is freed in pieces by several threads, between others that live on. Left
    alone, a process grows with each change of index though it holds no more.
    """
    with suppress(AttributeError, OSError, TypeError):  # no glibc
        ctypes.CDLL(None).malloc_trim(0)
