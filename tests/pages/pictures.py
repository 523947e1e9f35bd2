"""Pictures of the pages; `make pictures` writes those of the documentation.

With `--all FOLDER` every page is taken at two widths, in the languages given, light and dark, to be
looked at.
"""

import argparse
from pathlib import Path

from playwright.sync_api import Browser
from program import PAGES, ROOT, browser, sample

WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
# Name of the picture → address, language, size.
DOCUMENTED = {
    "find": (PAGES["outcome"], "en", WIDE),
    "queue": ("/curate/next?language=en", "en", WIDE),
    "queue-arabic": ("/curate/next?language=ar", "ar", NARROW),
    "learner": (PAGES["learner"], "en", WIDE),
    "coverage": (PAGES["coverage"], "en", WIDE),
    "models": (PAGES["models"], "en", WIDE),
}


def documented(url: str, chromium: Browser) -> None:
    """Write the pictures of docs/pictures."""
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    for name, (path, language, size) in DOCUMENTED.items():
        take(chromium, url + path, folder / f"{name}.png", language, size, "light")


def every(url: str, chromium: Browser, folder: Path, languages: list[str]) -> None:
    """Write a picture of every page in every form."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in languages:
        for size in (WIDE, NARROW):
            for scheme in ("light", "dark"):
                for name, path in PAGES.items():
                    file = folder / f"{name}-{language}-{size['width']}-{scheme}.png"
                    take(chromium, url + path, file, language, size, scheme, whole=True)


def take(
    chromium: Browser,
    address: str,
    file: Path,
    language: str,
    size: dict[str, int],
    scheme: str,
    *,
    whole: bool = False,
) -> None:
    """Open a page as someone of that language has it, and keep what is seen."""
    context = chromium.new_context(viewport=size, locale=language, color_scheme=scheme)
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=file, full_page=whole)
    context.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    parser.add_argument("--languages", nargs="+", default=["en", "fr", "es", "ar"])
    asked = parser.parse_args()
    with sample() as served, browser() as opened:
        if asked.all:
            every(served, opened, asked.all, asked.languages)
        else:
            documented(served, opened)
