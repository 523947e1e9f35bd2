"""One process at a time harvests a source, as the database tells all of them."""

from dataclasses import replace

import pytest

from data.catalogue.harvests import LATE_SECONDS, Harvest
from data.errors import ConflictError

ONE = Harvest(source="a", id="1", host="here", pid=1, since=100.0, seen=100.0)
OTHER = replace(ONE, id="2", host="there", pid=2, since=110.0, seen=110.0)


def test_a_source_is_one_harvests_and_the_second_is_told_whose(catalogue):
    catalogue.harvests.begin(ONE)
    with pytest.raises(ConflictError, match="by process 1 on here"):
        catalogue.harvests.begin(OTHER)
    catalogue.harvests.begin(replace(OTHER, source="b"))
    catalogue.harvests.end(OTHER)
    with pytest.raises(ConflictError):
        catalogue.harvests.begin(OTHER)
    catalogue.harvests.end(ONE)
    catalogue.harvests.begin(OTHER)


def test_one_that_was_killed_is_followed_and_one_that_goes_on_is_not(catalogue):
    catalogue.harvests.begin(ONE)
    assert catalogue.harvests.renew(ONE, 130.0)
    late = replace(OTHER, seen=130.0 + LATE_SECONDS)
    with pytest.raises(ConflictError):
        catalogue.harvests.begin(late)
    catalogue.harvests.begin(replace(late, seen=late.seen + 1))
    assert not catalogue.harvests.renew(ONE, 200.0)
