"""Memory that is no longer used, and that the C library keeps for later."""

import ctypes
from contextlib import suppress
from typing import Final

ARENAS: Final = 2
"""Heaps that threads share. By itself glibc gives each thread one, up to eight a core."""

LARGE: Final = 256 * 1024
"""Bytes from which a block has pages of its own, which go back when it is freed.

By itself glibc raises that to 32 MiB with the first such block that is freed; arrays of some
megabytes then lie in a heap, and what is small and lives on between them keeps it from shrinking.
"""

_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3  # of malloc.h


def hold_little() -> None:
    """Have glibc's heaps be few, and large blocks in none; call it before there are threads.

    Each heap keeps room for the most that its threads ever needed at once, whichever of them
    answers.
    """
    with suppress(AttributeError, OSError, TypeError):  # no glibc
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, ARENAS)
        library.mallopt(_M_MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Have glibc give it back to the system; another C library does so by itself, or never.

    What an index held is freed in pieces by several threads, between others that live on. Left
    alone, a process grows with each change of index though it holds no more.
    """
    with suppress(AttributeError, OSError, TypeError):  # no glibc
        ctypes.CDLL(None).malloc_trim(0)
