import os

import pytest

from service.benchmarks.steadiness import Sample, growth, is_flat, sample


def samples(memory):
    return [
        Sample(time=36.0 * place, memory=held, files=9, threads=3, database=1)
        for place, held in enumerate(memory)
    ]


def test_what_grows_is_told_an_hour_and_is_not_flat():
    found = growth(samples([100 + place for place in range(60)]), "memory")
    assert found.value == pytest.approx(100)
    assert is_flat(found) is False


def test_what_goes_up_and_down_is_flat():
    assert is_flat(growth(samples([100, 101] * 30), "memory"))


def test_what_fills_at_first_and_then_stays_is_flat():
    filling = [place if place < 15 else 15 for place in range(60)]
    assert is_flat(growth(samples(filling), "memory"))


def test_of_few_samples_nothing_is_told():
    assert is_flat(growth(samples([100] * 5), "memory")) is None


def test_a_process_is_looked_at(tmp_path):
    (tmp_path / "c.sqlite").write_bytes(b"x" * 2**20)
    (tmp_path / "c.sqlite-wal").write_bytes(b"x" * 2**20)
    found = sample(os.getpid(), tmp_path / "c.sqlite")
    assert found.memory > 10
    assert min(found.files, found.threads) >= 1
    assert found.database == 2
