"""Memory that is no longer used, and that the C library keeps for later."""

import asyncio
import ctypes
from contextlib import suppress
from typing import Final

from anyio.to_thread import run_sync

HEAPS: Final = 1
"""That all threads share. By itself glibc gives each thread one, up to eight a core.

What requests need for a moment finds room in the heap of all that was loaded. In a second one, the
little that lives on leaves what is free in ever smaller pieces.
"""

LARGE: Final = 256 * 1024
"""Bytes from which a block has pages of its own, which go back when it is freed.

By itself glibc raises that to 32 MiB with the first such block that is freed; arrays of some
megabytes then lie in a heap, and what is small and lives on between them keeps it from shrinking.
"""

GIVEN_BACK_EVERY: Final = 5.0
"""Seconds."""

_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3  # of malloc.h


def hold_little() -> None:
    """Have glibc use one heap, and none for large blocks; call it before there are threads.

    Each heap keeps room for the most that its threads ever needed at once, whichever of them
    answers.
    """
    with suppress(AttributeError, OSError, TypeError):  # no glibc
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, HEAPS)
        library.mallopt(_M_MMAP_THRESHOLD, LARGE)


async def keep_giving_back(every: float = GIVEN_BACK_EVERY) -> None:
    """Give it back for ever, each so many seconds.

    Requests that come together need more at once the longer one waits for such a moment. By itself
    glibc keeps what they needed: it gives back the end of a heap, and no page before it.
    """
    while True:
        await asyncio.sleep(every)
        await run_sync(give_back)


def give_back() -> None:
    """Have glibc give it back to the system; another C library does so by itself, or never."""
    with suppress(AttributeError, OSError, TypeError):  # no glibc
        ctypes.CDLL(None).malloc_trim(0)
