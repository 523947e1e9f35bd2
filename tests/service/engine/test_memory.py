import platform
import subprocess
import sys

import pytest

from evaluation.measures.resident import resident
from service.engine.memory import ARENAS, give_back

# What glibc says of its heaps, once each of sixteen threads has needed memory beside the others.
MANY_THREADS = """
import ctypes, tempfile, threading
from service.engine.memory import share_heaps

def need_memory():
    kept = [library.malloc(4000) for _ in range(100)]
    all_there.wait()

library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
share_heaps()
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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other keeps it, or can be told")
def test_what_was_freed_between_what_is_in_use_goes_back_to_the_system():
    blocks = [bytes(range(256)) * 8 for _ in range(40_000)]  # 80 MiB
    in_use = blocks[::1000]
    before = resident()["VmRSS"]
    del blocks
    give_back()
    assert resident()["VmRSS"] < before - 40 * 1024
    assert len(in_use) == 40


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other has a heap for each thread")
def test_threads_share_few_heaps():
    done = subprocess.run(
        [sys.executable, "-c", MANY_THREADS], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) <= ARENAS
