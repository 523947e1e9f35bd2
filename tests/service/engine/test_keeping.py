import asyncio
from uuid import uuid4

import pytest

from data.errors import UnavailableError
from data.records import Showing
from service.engine.keeping import Keeper


def showings(count):
    return [
        Showing(
            id=uuid4().hex,
            resource=None,
            time=0.0,
            model="m",
            index="i",
            frameworks={},
            shown=(),
        )
        for _ in range(count)
    ]


@pytest.fixture
def batches(catalogue, monkeypatch):
    """How many showings each transaction of the ledger had."""
    sizes = []
    record = catalogue.ledger.record_showings

    def counted(shown):
        sizes.append(len(shown))
        record(shown)

    monkeypatch.setattr(catalogue.ledger, "record_showings", counted)
    return sizes


def test_showings_that_come_together_share_a_transaction_and_all_are_kept(catalogue, batches):
    many = showings(10)

    async def keep():
        keeper = Keeper(catalogue)
        await asyncio.gather(*map(keeper.keep, many))
        await keeper.keep(late := showings(1)[0])
        return late

    late = asyncio.run(keep())
    assert [catalogue.ledger.showing(one.id) for one in many] == many
    assert catalogue.ledger.showing(late.id) == late
    assert sum(batches) == 11
    assert len(batches) < 4


def test_what_comes_while_one_is_written_is_kept_next(catalogue, batches):
    async def keep():
        keeper = Keeper(catalogue)
        first = asyncio.create_task(keeper.keep(showings(1)[0]))
        await asyncio.sleep(0)  # the first is on its way
        await asyncio.sleep(0)
        await asyncio.gather(first, *map(keeper.keep, showings(5)))

    asyncio.run(keep())
    assert batches == [1, 5]


def test_whoever_waits_is_told_that_it_could_not_be_written_and_the_next_can(catalogue):
    async def keep():
        keeper = Keeper(catalogue)
        one = showings(1)[0]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(catalogue.ledger, "record_showings", refusing)
            with pytest.raises(UnavailableError):
                await keeper.keep(one)
        await keeper.keep(one)
        return one

    one = asyncio.run(keep())
    assert catalogue.ledger.showing(one.id) == one


def test_a_client_that_went_away_keeps_no_other_from_being_told(catalogue):
    async def keep():
        keeper = Keeper(catalogue)
        gone, stays = (asyncio.create_task(keeper.keep(one)) for one in showings(2))
        await asyncio.sleep(0)
        gone.cancel()
        await stays

    asyncio.run(keep())


def refusing(_shown):
    raise UnavailableError("locked")
