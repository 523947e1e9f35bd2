"""Teachers' lists come back as they were kept."""

from dataclasses import replace
from threading import Thread

import pytest

from data.errors import NotFoundError
from data.records import ListItem, ResourceList

LIST = ResourceList(
    id="l1",
    title="Fracciones, semana 3 – ½",
    note="para Ana",
    owner="ليلى",
    items=(ListItem(resource="r2", note="first\nthen"), ListItem(resource="r1")),
    created=1.0,
    updated=1.5,
)


def longer(item):
    return lambda kept: replace(kept, items=(*kept.items, ListItem(resource=item)))


def test_a_list_is_kept_with_all_it_says_and_in_its_order(catalogue):
    catalogue.lists.add(LIST)
    assert catalogue.lists.get("l1") == LIST
    assert catalogue.lists.get("l2") is None


def test_lists_of_one_owner_come_latest_changed_first(catalogue):
    for number, updated in enumerate((2.0, 9.0, 5.0)):
        catalogue.lists.add(replace(LIST, id=f"l{number}", updated=updated))
    catalogue.lists.add(replace(LIST, id="other", owner="Sol"))
    assert [one.id for one in catalogue.lists.of("ليلى")] == ["l1", "l2", "l0"]
    assert catalogue.lists.of("nobody") == []


def test_a_change_is_kept_and_returned(catalogue):
    catalogue.lists.add(LIST)
    changed = catalogue.lists.change("l1", lambda kept: replace(kept, title="New", items=()))
    assert changed == replace(LIST, title="New", items=())
    assert catalogue.lists.get("l1") == changed


def test_a_change_that_fails_leaves_the_list_as_it_was(catalogue):
    catalogue.lists.add(LIST)

    def fails(_):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        catalogue.lists.change("l1", fails)
    assert catalogue.lists.get("l1") == LIST


def test_changes_at_once_all_stay(catalogue):
    catalogue.lists.add(replace(LIST, items=()))
    at_once = [
        Thread(target=catalogue.lists.change, args=("l1", longer(f"r{n}"))) for n in range(8)
    ]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    kept = catalogue.lists.get("l1").items
    assert sorted(item.resource for item in kept) == [f"r{n}" for n in range(8)]


def test_a_removed_list_is_gone_and_cannot_be_changed(catalogue):
    catalogue.lists.add(LIST)
    catalogue.lists.remove("l1")
    assert catalogue.lists.get("l1") is None
    with pytest.raises(NotFoundError, match="list 'l1'"):
        catalogue.lists.change("l1", lambda kept: kept)
    catalogue.lists.remove("l1")
