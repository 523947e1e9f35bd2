import asyncio

from data.errors import UnavailableError
from service.access.last_seen import LastSeen


def test_what_was_marked_is_written_down_once():
    written = []
    seen = LastSeen(written.append, "keys were used")
    seen.mark("a")
    seen.mark("b")
    asyncio.run(seen.note())
    asyncio.run(seen.note())
    (times,) = written
    assert list(times) == ["a", "b"]


def test_what_could_not_be_written_is_written_later_unless_it_was_seen_again(caplog):
    written, refused = [], [True]

    def keep(times):
        if refused.pop() if refused else False:
            raise UnavailableError("the disk is full")
        written.append(times)

    seen = LastSeen(keep, "keys were used")
    seen.mark("a")
    asyncio.run(seen.note())
    assert "when keys were used could not be kept: the disk is full" in caplog.text
    seen.mark("b")
    asyncio.run(seen.note())
    assert sorted(written[0]) == ["a", "b"]
