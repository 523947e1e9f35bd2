"""What a catalogue that is asked for ever keeps in memory."""

import gc

import pytest

from data.catalogue import Catalogue
from data.catalogue.engine import STATEMENTS


def prepared():
    """How many statements SQLite keeps ready in this process."""
    gc.collect()
    kinds = map(type, gc.get_objects())
    return sum((kind.__module__, kind.__name__) == ("sqlite3", "Statement") for kind in kinds)


@pytest.mark.slow
def test_lists_of_ids_of_every_length_leave_few_statements_prepared(tmp_path):
    before = prepared()
    with Catalogue.open(f"sqlite:///{tmp_path}/catalogue.sqlite") as catalogue:
        for length in range(4 * STATEMENTS):
            catalogue.resources.many([str(number) for number in range(length)])
        assert 0 < prepared() - before <= STATEMENTS
