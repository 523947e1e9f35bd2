import asyncio
import platform
import subprocess
import sys

import pytest

from evaluation.measures.resident import resident
from service.engine.memory import HEAPS, LARGE, give_back, keep_giving_back
from tests.patience import PATIENCE

# What glibc says of its heaps, once each of sixteen threads has needed memory beside the others.
MANY_THREADS = """
import ctypes, tempfile, threading
from service.engine.memory import hold_little

def need_memory():
    kept = [library.malloc(4000) for _ in range(100)]
    all_there.wait()

library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
hold_little()
all_there = threading.Barrier(16)
threads = [threading.Thread(target=need_memory) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
library.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as said:
    file = ctypes.c_void_p(library.fopen(said.name.encode(), b"w"))
    library.malloc_info(0, file)
    library.fclose(file)
    print(said.read().count(b"<heap nr="))
"""

# How many blocks have pages of their own, once one of 8 MiB was freed and one of some size is held.
AFTER_A_LARGER_ONE = """
import ctypes, sys
from service.engine.memory import hold_little

class Said(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks rest".split()]
    _fields_ += [(f"more{number}", ctypes.c_size_t) for number in range(5)]

library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
library.free.argtypes = [ctypes.c_void_p]
library.mallinfo2.restype = Said
if sys.argv[2] == "told":
    hold_little()
library.free(library.malloc(8 * 1024 * 1024))
before = library.mallinfo2().hblks
held = library.malloc(int(sys.argv[1]))
print(library.mallinfo2().hblks - before)
"""

FREED = 40 * 1024  # KiB


def some_in_use_of_many():
    """What is left of 80 MiB in small blocks, and KiB in memory when all of them were there."""
    blocks = [bytes(range(256)) * 8 for _ in range(40_000)]
    return blocks[::1000], resident()["VmRSS"]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other keeps it, or can be told")
def test_what_was_freed_between_what_is_in_use_goes_back_to_the_system():
    in_use, before = some_in_use_of_many()
    give_back()
    assert resident()["VmRSS"] < before - FREED
    assert len(in_use) == 40


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other keeps it, or can be told")
def test_it_goes_back_again_and_again():
    async def freed_twice():
        giving = asyncio.create_task(keep_giving_back(every=0.01))
        for _ in range(2):
            in_use, before = some_in_use_of_many()
            while resident()["VmRSS"] >= before - FREED:
                await asyncio.sleep(0.01)
            assert len(in_use) == 40
        giving.cancel()

    asyncio.run(asyncio.wait_for(freed_twice(), PATIENCE))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other has a heap for each thread")
def test_all_threads_share_one_heap():
    done = subprocess.run(
        [sys.executable, "-c", MANY_THREADS], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == HEAPS


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="others do as they do")
@pytest.mark.parametrize(
    ("size", "told", "mapped"),
    [(2 * LARGE, "told", 1), (LARGE // 2, "told", 0), (2 * LARGE, "not told", 0)],
)
def test_a_large_block_lies_in_no_heap_though_a_larger_one_was_freed(size, told, mapped):
    done = subprocess.run(
        [sys.executable, "-c", AFTER_A_LARGER_ONE, str(size), told],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == mapped
