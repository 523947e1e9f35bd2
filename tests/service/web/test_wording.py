import time

import pytest
from starlette.requests import Request

from service.web.wording import chosen, offered


def asking(**headers):
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": sent})


def test_english_is_what_there_is_without_a_wish():
    assert chosen(asking()).tag == "en"


@pytest.mark.parametrize("header", ["en-GB,en;q=0.8", "xx, en;q=0.1", ";;q=,,", "fr;q=zero"])
def test_any_accept_language_gets_an_answer(header):
    assert chosen(asking(accept_language=header)).tag == "en"


def test_numbers_and_shares_are_written_in_full_but_never_as_certain():
    english = offered()["en"]
    assert english.number(1234567) == "1,234,567"
    assert english.number(0.1234, 3) == "0.123"
    assert [english.percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == [
        "0%",
        "1%",
        "50%",
        "99%",
        "100%",
    ]


def test_a_moment_is_told_from_now_and_never_in_the_future():
    english = offered()["en"]
    assert english.ago(time.time() - 7200) == "2 hours ago"
    assert "in " not in english.ago(time.time() + 60)
