from hypothesis import given
from hypothesis import strategies as st

from models.workers.spread import here, in_order


@given(parts=st.lists(st.lists(st.text(), max_size=3), max_size=9), data=st.data())
def test_what_is_done_in_any_order_comes_in_the_order_of_the_parts(parts, data):
    done = data.draw(st.permutations(list(enumerate(parts))))
    assert list(in_order(done)) == parts


def test_each_part_comes_as_soon_as_those_before_it_are_there():
    seen = []

    def done():
        for place in (1, 0, 2):
            seen.append(place)
            yield place, place

    arriving = in_order(done())
    assert (next(arriving), seen) == (0, [1, 0])
    assert list(arriving) == [1, 2]


def test_work_that_is_done_here_tells_its_progress_itself():
    told = []

    def count(part, progress):
        progress(len(part))
        return len(part)

    assert list(here(count, ["ab", "c"], told.append)) == [(0, 2), (1, 1)]
    assert told == [2, 1]
