from data.harvesting.timetable import due_at, is_due
from data.records import Source

HOUR = 3600.0


def source(tried=None, **options):
    state = {} if tried is None else {"tried": tried}
    return Source(name="x", kind="oai", url="u", options=options, state=state, created=100.0)


def test_a_source_is_due_so_long_after_it_was_tried_or_else_noted():
    assert due_at(source(every="24")) == 100.0 + 24 * HOUR
    assert due_at(source(every="1", tried=5000.0)) == 5000.0 + HOUR
    assert is_due(source(every="1", tried=0.0), HOUR + 100.0)
    assert not is_due(source(every="1", tried=5000.0), 5000.0)


def test_one_that_does_not_say_how_often_is_never_due():
    assert due_at(source()) is None
    assert not is_due(source(), 1e12)
