"""The page that is given away."""

import re
from html.parser import HTMLParser

import pytest

from evaluation.evidence.page import page
from evaluation.evidence.tables import ONE_LINER


class Text(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.said, self.ids, self.asked = [], [], []
        self.feed(html)

    def handle_starttag(self, _tag, attributes):
        named = dict(attributes)
        self.ids += [named["id"]] if "id" in named else []
        self.asked += [named[name] for name in ("src", "href") if name in named]

    def handle_data(self, data):
        self.said.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.said).split())


@pytest.mark.parametrize("platform", [None, "east", "empty"])
def test_a_page_stands_alone_and_every_id_is_there_once(report, platform):
    html = page(report if platform is None else report.of(platform), platform)
    read = Text(html)
    assert len(read.ids) == len(set(read.ids))
    assert [asked for asked in read.asked if not asked.startswith("#")] == []
    assert "<script" not in html
    assert ONE_LINER in read.text
    assert re.findall(r"<th(?! scope)", html.replace("<thead", "")) == []


def test_all_platforms_come_first_with_what_is_only_associated(report):
    text = Text(page(report)).text
    assert text.index("All platforms together") < text.index("Northern Institute")
    assert "These are associations." in text
    assert "83.3 % (64.1 % to 93.3 %; 20 of 24)" in text


def test_one_platform_with_nothing_says_so(report):
    assert "Nothing is known of it yet." in Text(page(report.of("empty"), "empty")).text
