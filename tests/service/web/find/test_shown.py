import pytest

from data.records import Resource
from service.web.find.curriculum import natural
from service.web.find.shown import Card, kind_name


def card(url=None, **extra):
    return Card(resource=Resource(id="r", title="", url=url, extra=extra))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [(15, 900.0), (0.5, 30.0), (0, None), (-1, None), ("15", None), (True, None), (1e9, None)],
)
def test_a_duration_is_taken_if_it_can_be_one(said, seconds):
    assert card(duration_minutes=said).seconds == seconds


def test_only_a_plain_yes_means_that_it_can_be_downloaded():
    assert card(downloadable=True).downloadable
    assert not any(card(downloadable=said).downloadable for said in ("true", 1, False, None))


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "data:text/html,x", "//x.org"])
def test_only_addresses_of_the_web_are_linked(url):
    assert card(url).link is None
    assert card("HTTPS://x.org/a").link == "HTTPS://x.org/a"


def test_a_kind_that_nobody_knows_is_said_as_its_source_says_it():
    assert [kind_name(kind) for kind in ("video", "puppet show", None)] == [
        "Video",
        "puppet show",
        "Other",
    ]


def test_a_thing_without_a_title_goes_by_its_id():
    assert card().title == "r"


def test_grades_come_in_the_order_of_their_numbers():
    levels = ["Grade 10", "Grade 9", "11 ans", "Grade", "4.º"]
    assert sorted(levels, key=natural) == ["Grade", "Grade 9", "Grade 10", "4.º", "11 ans"]
