"""The program with a workspace of its own, and a browser before it."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0  # seconds
# What a reader of each page sees, on the sample catalogue.
PAGES = {
    "home": "/",
    "find": "/find",
    "search": "/find?q=fractions",
    "framework": "/frameworks/saltmere-2024",
    "outcome": "/outcomes/saltmere-equivalent-fractions",
    "resource": "/resources/en-fraction-wall",
    "coverage": "/coverage?framework=saltmere-2024",
    "editions": "/coverage/editions?old=saltmere-2024&new=arvelle-2023",
    "norms": "/norms?profile=charter",
    "norm": "/norms/rules/described",
    "resource-norms": "/norms/resources/en-fraction-wall",
    "platforms": "/platforms",
    "evidence": "/evidence",
    "lists": "/lists",
    "suggest": "/suggest?resource=en-fraction-wall",
    "queue": "/curate",
    "work": "/curate/next",
    "bulk": "/curate/bulk?above=0.9",
    "agreement": "/curate/agreement",
    "crosswalks": "/curate/crosswalk",
    "crosswalk": "/curate/crosswalk/saltmere-2024/arvelle-2023/standing",
    "import": "/curate/import",
    "learners": "/learners",
    "learner": "/learners/l-3718ed",
    "way": "/learners/l-3718ed?goal=saltmere-linear-equations",
    "placement": "/learners/new/placement?framework=saltmere-2024&level=Grade+5",
    "privacy": "/learners/l-3718ed/privacy",
    "models": "/models",
    "retrain": "/models/retrain",
    "data": "/models/data",
    "administration": "/administration",
    "source": "/administration/sources?kind=oai",
    "servers": "/administration/servers",
    "lti": "/administration/lti",
    "missing": "/outcomes/none",
}


@contextmanager
def sample() -> Iterator[str]:
    """The program on the sample catalogue, by its address."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for command in (["import", str(ROOT / "data" / "sample")], ["index"]):
            subprocess.run(_program(home, *command), check=True, capture_output=True)
        with _served(home) as url:
            _wait_for_queue(url)
            yield url


@contextmanager
def copy_of(home: Path) -> Iterator[str]:
    """The program on a copy of a workspace, which stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        for part in home.iterdir():
            if part.name.startswith("catalogue.sqlite"):
                shutil.copy(part, folder)
            elif part.is_dir():
                (Path(folder) / part.name).symlink_to(part.resolve())
        with _served(Path(folder)) as url:
            yield url


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


def free_port() -> int:
    """A port that nobody listens on, below those that systems give to clients.

    One of theirs may be a client's by the time a server has started.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@contextmanager
def _served(home: Path) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = (home / "server.log").open("w")
    serving = subprocess.Popen(_program(home, "serve", "--port", str(port)), stderr=log)
    try:
        _wait_for(f"{url}/readyz")
        yield url
    finally:
        serving.terminate()
        serving.wait(20)


def _program(home: Path, *words: str) -> list[str]:
    os.environ["PYTHONPATH"] = str(ROOT)
    return [sys.executable, "-P", "-m", "gateways", "--home", str(home), *words]


def _wait_for_queue(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{url}/curate", timeout=30) as page:
            if b"Outcomes are being proposed" not in page.read():
                return
        time.sleep(1)


def _wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"{address} does not answer")
