"""Reports on learners' models as pages: as text, and in a real Chromium."""

import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from data.errors import GatewaysError
from evaluation.reporting.figures_page import figures_page, write_figures_page

HOSTILE = "<script>alert(1)</script> & <b>Brüche</b>"
SPREAD = {"auc": 0.01, "log_loss": 0.02, "ece": None}
MASTERY = {
    "dataset": HOSTILE,
    "learners": 1200,
    "answers": 34567,
    "auc": 0.7,
    "log_loss": 0.5,
    "ece": 0.123,
    "deviation": SPREAD,
    "by_earlier_answers": {"0": {"answers": 5, "ece": 0.1}},
    "calibration": [
        {"answers": 20, "confidence": 0.2, "right": 0.3},
        {"answers": 30, "confidence": 0.8, "right": 0.7},
    ],
    "gaps": [
        {"by": "language", "width": 0.05, "best": "fr", "worst": HOSTILE},
        {"by": "level", "width": None, "best": None, "worst": None},
    ],
    "slices": [
        {"by": "language", "name": HOSTILE, "answers": 1100, "auc": None, "log_loss": 0.6}
        | {"ece": 0.15},
        {"by": "language", "name": "fr", "answers": 900, "auc": 0.6, "log_loss": 0.5, "ece": 0.1},
    ],
    "baselines": {
        "Best-LR": {"auc": 0.69, "log_loss": 0.51, "ece": 0.02, "deviation": SPREAD},
    },
}
FIGURES = {
    "recall@10": 0.5,
    "ndcg@10": 0.4,
    "per_learner": {"recall@10": 0.45},
    "never_opened": {"targets": 0, "recall@10": None},
    "coverage": 0.6,
    "gini": 0.7,
}
NEXT = {
    "dataset": HOSTILE,
    "resources": 316,
    "targets": 94,
    "learners": 45,
    "tuned": False,
    **FIGURES,
    "difference": {
        "recall@10": {"baseline": "Markov", "value": -0.02, "low": -0.05, "high": 0.01},
    },
    "no_history": {"targets": 8, "recall@10": 0.2, "popularity": {"recall@10": 0.1}},
    "gaps": [
        {"by": "level", "width": 0.25, "best": "1", "worst": "2"},
        {"by": "language", "width": None, "best": None, "worst": None},
    ],
    "slices": [
        {"by": "level", "name": "2", "targets": 40, "recall@10": 0.25, "ndcg@10": 0.2},
        {"by": "level", "name": "1", "targets": 54, "recall@10": 0.5, "ndcg@10": 0.4},
    ],
    "baselines": {"Markov": FIGURES},
}
BOTH = pytest.mark.parametrize(("kind", "found"), [("learner", MASTERY), ("recommender", NEXT)])


def text_of(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html[html.index("<main") :]))


@BOTH
def test_whom_it_serves_worst_comes_first_and_then_the_baselines(kind, found):
    html = figures_page(kind, found, 30)
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", html)
    assert headings[:2] == ["Whom it serves worst", "Beside the baselines"]
    assert html.count("<table") == html.count("<caption") >= 3
    assert "so no gap can be told" in html
    names = re.findall(r'<th scope="row">([^<]+)</th>', html[html.index('id="models"') :])
    assert names[:2] == ["this program", *found["baselines"]]


def test_mastery_has_its_calibration_drawn_and_told():
    html = figures_page("learner", MASTERY, 30)
    assert html.count('class="dot"') == len(MASTERY["calibration"])
    assert "for 2 groups; the calibration error is 0.123." in html
    assert "30 0.800 0.700" in text_of(html)
    assert "0.700 ± 0.010" in text_of(html)
    assert "What more learners are worth" not in html
    curve = [
        {"learners": 3, "answers": 40} | {"log_loss": dict.fromkeys(["start", "logistic"], 0.6)}
    ]
    curve[0]["log_loss"]["chosen"] = 0.55
    assert "3 40 0.600 0.600 0.550" in text_of(
        figures_page("learner", MASTERY | {"learning_curve": curve}, 30)
    )


def test_the_recommender_is_told_beside_its_best_baseline_and_without_a_history():
    said = text_of(figures_page("recommender", NEXT, 30))
    assert "−0.020 Recall@10 beside «Markov»" in said
    assert "Of 8 learners without a history recall@10 is 0.200, by popularity 0.100." in said
    assert "Level 2 0.250 (40) 1 0.500 (54) 0.250" in said


@BOTH
def test_texts_are_shown_and_never_run_and_nothing_is_asked_of_the_network(kind, found):
    html = figures_page(kind, found, 30)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import|https?:", html)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(GatewaysError, match=r"gone/page\.html: cannot be written"):
        write_figures_page(tmp_path / "gone" / "page.html", "learner", MASTERY, 30)


@pytest.mark.slow
@BOTH
def test_axe_finds_nothing_and_the_page_fits_a_telephone(kind, found, tmp_path):
    path = tmp_path / "page.html"
    write_figures_page(path, kind, found, 30)
    program = shutil.which("chromium")
    assert program, "tests/install-browser installs Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            opened = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
            opened.goto(path.as_uri())
            assert Axe().run(opened).response["violations"] == []
            assert opened.evaluate("document.documentElement.scrollWidth") <= 360
        browser.close()
