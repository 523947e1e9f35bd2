"""The page as text, and as a person sees it in a real Chromium."""

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from playwright.sync_api import sync_playwright

from data.errors import GatewaysError
from data.records import Resource
from evaluation.alignment.scoring import Figure
from evaluation.benchmark.comparison import compare
from evaluation.benchmark.page import page, write_page
from evaluation.benchmark.report import Point

HOSTILE = "<script>alert(1)</script> & <b>Brüche</b>"
CURVE = tuple(
    Point(
        decisions=made,
        figures={
            "mean_f2": Figure(value=0.4 + made / 5000, low=0.35 + made / 5000, high=0.75),
            "recall@10": Figure(value=0.7, low=0.6, high=0.8),
            "mrr": Figure(value=0.5, low=0.4, high=0.6),
            "ece": Figure(value=0.02, low=0.01, high=0.04),
        },
    )
    for made in (0, 50, 200, 1000)
)
SECTIONS = [
    "At a glance",
    "Whom it serves worst",
    "For a curator",
    "Does the confidence mean what it says?",
    "How far down the list is the right one?",
    "Slices",
    "Against old",
    "What accepted neighbours are worth",
    "The worst cases",
]


@pytest.fixture(scope="module")
def reports(report_of):
    """Two models: the newer is better in art and worse in music."""
    resources = [
        Resource(
            id=f"r{number}",
            title=HOSTILE if number == 100 else f"Lesson {number}",
            text="समान भिन्न " * 60,
            language="hi",
            subject=("Art", "Music")[number // 60],
            levels=("Year 4", f"Year {number % 9}"),
        )
        for number in range(120)
    ]

    def rights(art, music):
        return [number < art for number in range(60)] + [number < music for number in range(60)]

    old = report_of(rights(20, 50), name="old", resources=resources)
    new = report_of(rights(60, 40), name="<new>", resources=resources)
    return old, replace(new, learning_curve=CURVE)


@pytest.fixture(scope="module")
def html(reports):
    return page(reports[1], compare(*reports))


class Outline(HTMLParser):
    """Counts what an accessible page has to have."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.ids, self.references, self.headings = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        named = dict(attributes)
        self.ids += [named["id"]] if "id" in named else []
        self.references += named.get("aria-labelledby", "").split()
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


def test_sections_stand_in_the_order_of_what_matters(html):
    found = [re.sub("<[^>]+>", "", each) for each in re.findall(r"<h2[^>]*>(.*?)</h2>", html)]
    assert found == SECTIONS


def test_without_a_baseline_or_a_learning_curve_there_is_no_section_for_them(reports):
    alone = page(reports[0])
    assert "Against" not in alone
    assert "What accepted neighbours are worth" not in alone


def test_every_plot_has_a_title_and_a_description_and_every_table_a_caption(html):
    found = Outline(html)
    count = found.tags.count
    assert count("svg") == count("desc") == count("title") - 1  # the page's own
    assert count("svg") >= 6
    assert count("table") == count("caption") > 10
    assert (count("main"), count("header"), count("h1")) == (1, 1, 1)


def test_what_labels_a_part_is_there_once_and_headings_skip_no_level(html):
    found = Outline(html)
    assert len(set(found.ids)) == len(found.ids)
    assert set(found.references) <= set(found.ids)
    assert all(after <= before + 1 for before, after in pairwise(found.headings))


def test_a_learning_curve_has_a_row_for_each_number_of_decisions(html):
    shown = html[html.index("What accepted neighbours are worth") :]
    rows = re.findall(r'<tr><th scope="row">([\d,]+)</th><td>(.*?)</td>', shown)
    assert [(made, re.sub("<[^>]+>", "", cell)) for made, cell in rows[:4]] == [
        ("0", "0.400 0.350 – 0.750"),
        ("50", "0.410 0.360 – 0.750"),
        ("200", "0.440 0.390 – 0.750"),
        ("1,000", "0.600 0.550 – 0.750"),
    ]


def test_texts_are_shown_and_never_run(html):
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;new&gt; on" in re.sub("</?bdi>", "", html)


def test_nothing_is_asked_of_the_network(html):
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import|https?:", html)


def test_an_objection_is_told_and_where_there_is_none_that_is_told(reports, html):
    assert "Must not be promoted" in html
    assert "in subject «Music» (60 resources" in html
    old, _ = reports
    assert "May be promoted" in page(old, compare(old, old))


def test_a_case_shows_its_text_and_the_rank_of_the_right_one(html):
    shown = html[html.index("The worst cases") :]
    assert 'lang="hi"' in shown
    assert "Lesson" in shown
    right = re.search(r"<tr class=\"right\"><td>(\d+)</td>(.*?)</tr>", shown, re.DOTALL)
    assert right[1] == "20"
    assert "Outcome a" in right[2]
    assert ">right</span>" in right[2]


def test_a_report_of_one_query_without_suggestions_is_a_page_too(report_of):
    assert "No suggestion has a confidence" in page(report_of([False], confidence=0.01))


def test_a_place_that_cannot_be_written_is_named(reports, tmp_path):
    with pytest.raises(GatewaysError, match=r"gone/page\.html: cannot be written"):
        write_page(tmp_path / "gone" / "page.html", reports[0])


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_its_window_and_asks_for_nothing(reports, tmp_path, width, scheme):
    path = tmp_path / "page.html"
    write_page(path, reports[1], compare(*reports))
    program = shutil.which("chromium")
    assert program, "tests/install-browser installs Chromium"
    said = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        opened.on("console", lambda message: said.append(message.text))
        opened.on("dialog", lambda dialog: said.append(dialog.message))
        opened.on("request", lambda asked: said.append(asked.url))
        opened.goto(path.as_uri())
        opened.locator("details.case").last.locator("summary").click()
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        paper = opened.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (int(re.findall(r"\d+", paper)[0]) < 128) == (scheme == "dark")
        assert opened.locator(f"text={HOSTILE}").count()
        browser.close()
    assert said == [path.as_uri()]
