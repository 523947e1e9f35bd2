"""The short form: one of each fault; `make torture` is the long one."""

import random

import pytest

from tests.torture.campaign import Round, chosen, prepared, torture
from tests.torture.faults import ON_SQLITE

pytestmark = pytest.mark.slow  # it starts the real program again and again


def test_nothing_acknowledged_is_lost_and_every_trouble_is_explained(tmp_path, bundle_of):
    done = Round("short", "SQLite")
    victim = prepared(tmp_path, bundle_of("tortured", 0), {})
    try:
        kinds = chosen(ON_SQLITE, victim, random.Random("short"), len(ON_SQLITE))
        torture(victim, kinds, done)
    finally:
        victim.close()
    assert done.lost == []
    assert done.wrong == []
    assert done.decisions
    assert done.interactions
    assert done.answers
