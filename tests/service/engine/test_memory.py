import platform

import pytest

from evaluation.measures.resident import resident
from service.engine.memory import give_back


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other keeps it, or can be told")
def test_what_was_freed_between_what_is_in_use_goes_back_to_the_system():
    blocks = [bytes(range(256)) * 8 for _ in range(40_000)]  # 80 MiB
    in_use = blocks[::1000]
    before = resident()["VmRSS"]
    del blocks
    give_back()
    assert resident()["VmRSS"] < before - 40 * 1024
    assert len(in_use) == 40
