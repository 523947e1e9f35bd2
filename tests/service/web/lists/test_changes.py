import pytest

from data.errors import GatewaysError
from data.records import ListItem, ResourceList
from service.web.lists import changes


def made(*resources):
    items = tuple(ListItem(resource=one) for one in resources)
    return ResourceList(id="l", title="t", owner="o", items=items, created=0.0, updated=0.0)


def ids(kept):
    return "".join(item.resource for item in kept.items)


def test_a_resource_is_added_at_the_end_and_but_once():
    assert ids(changes.added(made("a", "b"), "c")) == "abc"
    assert ids(changes.added(made("a", "b"), "a")) == "ab"


def test_a_list_does_not_grow_for_ever():
    full = made(*(f"r{n}" for n in range(changes.MOST)))
    assert changes.added(full, "r0") == full
    with pytest.raises(GatewaysError, match="begin another one"):
        changes.added(full, "new")


@pytest.mark.parametrize(
    ("resource", "by", "order"),
    [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 1, "abc"), ("x", 1, "abc")],
)
def test_a_resource_is_moved_as_far_as_the_list_goes(resource, by, order):
    assert ids(changes.moved(made("a", "b", "c"), resource, by)) == order


def test_a_resource_is_taken_off():
    assert ids(changes.removed(made("a", "b"), "a")) == "b"
    assert ids(changes.removed(made("a", "b"), "x")) == "ab"


def test_a_note_is_of_its_resource_alone():
    noted = changes.noted(made("a", "b"), "b", "look")
    assert [item.note for item in noted.items] == ["", "look"]
