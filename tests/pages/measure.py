"""How quick and how light the pages are, in a real Chromium; `make measure-pages` prints it.

The curator's queue: from the press of a key to the next resource on the screen, and to when that
takes the next key, half a second after the one before, on a copy of the workspace that `--home`
names. Without it, of each page on the sample catalogue: what it weighs, and the time to its first
paint over slow 3G (50 kB/s and 2 s to answer, as Chromium's tools have it).
"""

import argparse
import statistics
import time
from pathlib import Path

from program import PAGES, browser, copy_of, sample

SLOW_3G = {
    "offline": False,
    "latency": 2000,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
DECISIONS = 100
READ_MS = 500  # nobody decides on what they have not looked at for half a second
WATCH = """() => {
  window.done = [];
  let pressed = null, seen = null;
  document.addEventListener("keydown", () => { pressed = performance.now(); seen = null; }, true);
  const shown = () => document.querySelector("main [data-resource]")?.dataset.resource;
  const work = () => document.getElementById("work");
  let before = shown(), part = work();
  // A frame is drawn right after its callbacks; the first task after it comes when it is drawn.
  const when_drawn = (tell) => requestAnimationFrame(() => {
    const drawn = new MessageChannel();
    drawn.port1.onmessage = () => tell(performance.now());
    drawn.port2.postMessage(null);
  });
  new MutationObserver(() => {
    if (pressed === null || shown() === undefined) return;
    const began = pressed;
    if (seen === null && shown() !== before) {
      seen = new Promise((tell) => when_drawn((now) => tell(now - began)));
    }
    if (work() === part) return;
    const visible = seen;
    pressed = null; before = shown(); part = work();
    when_drawn(async (now) => window.done.push([await visible, now - began]));
  }).observe(document.querySelector("main"), {childList: true});
}"""


def decisions(home: Path) -> None:
    """Print the quantiles of a hundred decisions that bring up the next resource."""
    with copy_of(home) as url, browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        _wait_until_prepared(page, url)
        page.goto(f"{url}/curate/next")
        page.evaluate(WATCH)
        seen: list[float] = []
        ready: list[float] = []
        made = 0
        while len(seen) < DECISIONS:
            page.wait_for_timeout(READ_MS)
            page.keyboard.press("a")
            made += 1
            page.wait_for_function(f"window.done.length >= {made}", timeout=10_000)
            on_screen, takes_keys = page.evaluate("window.done.at(-1)")
            if on_screen is not None:
                seen.append(on_screen)
                ready.append(takes_keys)
        print(f"from a key to the next resource, {DECISIONS} times:")
        _tell("on the screen", seen)
        _tell("decided on and ready for the next key", ready)


def _tell(what: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=100)
    print(f"{what}: p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, most {max(times):.0f} ms")


def pages() -> None:
    """Print a table of what each page weighs and when it is first painted."""
    with sample() as url, browser() as chromium:
        print("| page | bytes | first paint, slow 3G |\n| --- | ---: | ---: |")
        for name, path in PAGES.items():
            context = chromium.new_context(
                viewport={"width": 360, "height": 740}, service_workers="block"
            )
            page = context.new_page()
            wire = context.new_cdp_session(page)
            sizes: list[float] = []
            wire.on(
                "Network.loadingFinished", lambda one, to=sizes: to.append(one["encodedDataLength"])
            )
            wire.send("Network.enable")
            wire.send("Network.emulateNetworkConditions", SLOW_3G)
            page.goto(url + path, wait_until="load", timeout=60_000)
            page.wait_for_timeout(200)
            painted = page.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0].startTime"
            )
            print(f"| {name} `{path}` | {sum(sizes):,.0f} | {painted / 1000:.1f} s |")
            context.close()


def _wait_until_prepared(page, url: str) -> None:
    page.goto(f"{url}/curate")
    while page.get_by_text("Outcomes are being proposed").count():
        time.sleep(2)
        page.reload()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, help="Workspace for the queue.")
    asked = parser.parse_args()
    decisions(asked.home) if asked.home else pages()
