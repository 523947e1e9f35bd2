"""No bytes from elsewhere make a reader fail otherwise than by saying what is wrong with them."""

import os

import pytest
from hypothesis import given, settings

from tests.fuzzing.damage import damaged
from tests.fuzzing.readers import READERS

EXAMPLES = int(os.environ.get("GATEWAYS_FUZZ_EXAMPLES", "40"))
DEEP = b"[" * 50_000


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_whatever_bytes_come_the_reader_says_what_is_wrong(name):
    reader = READERS[name]

    @given(damaged(reader.seeds))
    @settings(max_examples=EXAMPLES)
    def withstands(data):
        reader.withstands(data)

    withstands()


@pytest.mark.parametrize("name", READERS)
def test_a_value_that_is_nested_without_end_is_refused(name):
    for data in (DEEP, b'{"a":' * 50_000, b"<a>" * 50_000, b'\x00{"a":' + DEEP):
        READERS[name].withstands(data)


@pytest.mark.parametrize("name", READERS)
def test_a_number_without_end_is_refused(name):
    for seed in READERS[name].seeds:
        READERS[name].withstands(seed.replace(b"1", b"9" * 6_000))
