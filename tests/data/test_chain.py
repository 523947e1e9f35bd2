from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from data.catalogue.chain import START, broken, digest_of, following

SAID = st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.none() | st.integers())


def chain_of(count):
    last, entries = None, []
    for number in range(count):
        last = following(last, time=number, event="e", about=str(number), said={"n": number})
        entries.append(last)
    return entries


@given(st.lists(SAID, max_size=6))
def test_a_chain_of_anything_holds(saids):
    last, entries = None, []
    for said in saids:
        last = following(last, time=1.5, event="e", about="a", said=said)
        entries.append(last)
    assert list(broken(entries)) == []


def test_the_hash_of_an_entry_is_always_what_it_was():
    first = following(None, time=1, event="decision", about="1", said={"digest": "x"})
    assert (first.number, first.previous) == (1, START)
    assert first.hash == "353e4244423ccd990a4ec3d68c0befb7f00c3993073cf5146b3209b2e94f0dd4"


@given(st.integers(2, 8), st.data())
def test_a_changed_entry_is_named(count, data):
    entries = chain_of(count)
    place = data.draw(st.integers(0, count - 1))
    entries[place] = replace(entries[place], said='{"n":-1}')
    assert list(broken(entries)) == [f"entry {place + 1} (e {place}) was changed"]


@given(st.integers(2, 8), st.data())
def test_an_entry_that_is_made_anew_no_longer_leads_to_the_next(count, data):
    entries = chain_of(count)
    place = data.draw(st.integers(0, count - 2))
    before = entries[place - 1] if place else None
    entries[place] = following(before, time=0, event="e", about="other", said={})
    told = f"entry {place + 2} does not follow entry {place + 1}, which is not what it was"
    assert list(broken(entries)) == [told]


@given(st.integers(3, 8), st.data())
def test_a_missing_entry_is_named(count, data):
    entries = chain_of(count)
    place = data.draw(st.integers(0, count - 2))
    del entries[place]
    assert list(broken(entries)) == [f"entry {place + 1} is missing"]


@given(st.integers(2, 8), st.data())
def test_another_order_is_told(count, data):
    entries = chain_of(count)
    other = data.draw(st.permutations(entries).filter(lambda one: one != entries))
    assert list(broken(other))


def test_a_digest_tells_nothing_and_depends_on_everything():
    assert digest_of({"a": "b"}) != digest_of({"a": "c"})
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
