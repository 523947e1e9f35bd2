"""What the pages on security and privacy claim is shown by tests, which are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ["threat-model.md", "data-protection.md"]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@pytest.mark.parametrize("page", PAGES)
def test_each_test_that_a_page_names_is_there(page):
    named = NAMED.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert named
    for file, name in named:
        path = ROOT / file
        assert path.is_file(), f"{page}: {file} is not there"
        text = path.read_text(encoding="utf-8")
        assert re.search(rf"^\s*(async )?def {name}\(", text, re.MULTILINE), f"{page}: {name}"


@pytest.mark.parametrize("page", PAGES)
def test_each_claim_names_a_test(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    _, *sections = text.split("\n## ")
    for section in sections:
        if NAMED.search(section):  # a section of claims
            for claim in re.split(r"^- ", section, flags=re.MULTILINE)[1:]:
                assert NAMED.search(claim) or "are not erased" in claim, f"{page}: {claim}"
