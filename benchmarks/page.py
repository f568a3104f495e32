"""How long the page takes, and what it holds: python benchmarks/page.py [--case CASE] [--sessions N].

Starts a server and a browser (Debian's Chromium, or the one that FEIDI_BROWSER names) and prints, as median and 95%
quantile: opening a page; a step of both worlds until it is drawn; moving the slider of years by one until that is
drawn; the same step in one session while others play; and the memory of the server before, with all of them lived to
the last year, and after they have left.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from experiments.app.session import PAUSES
from model.cases import load_case

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 300_000  # milliseconds
SETTLING = 10.0  # seconds in which a server may let go of what left
# Change something and wait until graphs, cards and charts show a year and the browser has painted it: milliseconds.
TIMED = """([what, value, year]) => new Promise(done => {
  const one = document.querySelector(`[data-do="${what}"]`), began = performance.now();
  const shown = () => [...document.querySelectorAll(".feidi-graph svg.fg, .feidi-cards, .feidi-charts svg[data-year]")]
    .every(part => part.dataset.year === year);
  const look = () => shown() ? setTimeout(() => done(performance.now() - began)) : requestAnimationFrame(look);
  if (value === null) one.click();
  else { one.value = value; one.dispatchEvent(new Event("input")); one.dispatchEvent(new Event("change")); }
  requestAnimationFrame(look); })"""
SHOWN = """year => document.querySelector("[data-busy]")?.dataset.busy === "0"
  && document.querySelector(".feidi-cards")?.dataset.year === year"""


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    """A server of the page: its address and process."""
    command = [sys.executable, "-m", "experiments.cli", "app", "--port", "0", "--no-browser"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            found = re.match(r"The page is at (\S+)", server.stdout.readline() if server.stdout else "")
            if found is None:
                raise SystemExit("The server did not start.")
            yield found[1], server.pid
        finally:
            server.terminate()


def memory(process: int) -> float:
    """What a process holds, in MB (Linux; nan elsewhere)."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return float("nan")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def opened(browser: Browser, url: str, query: str, year: int) -> tuple[Page, float]:
    """A page in a context of its own, and the milliseconds until its worlds were drawn."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.set_default_timeout(PATIENCE)
    began = time.perf_counter()
    page.goto(f"{url}/?{query}")
    page.wait_for_function(SHOWN, arg=str(year))
    return page, 1000.0 * (time.perf_counter() - began)


def left(page: Page) -> None:
    """Close a page as people do: its browser tells the server."""
    page.close(run_before_unload=True)
    page.context.close()


def steps(page: Page, years: Sequence[int]) -> list[float]:
    """Milliseconds of each step to these years."""
    return [page.evaluate(TIMED, ["step", None, str(year)]) for year in years]


def told(what: str, times: Sequence[float]) -> None:
    """Print median and 95% of some times."""
    middle, high = np.quantile(times, [0.5, 0.95])
    print(f"{what:58s} {middle:6.0f} {high:6.0f} ms  ({len(times)})", flush=True)


def alone(browser: Browser, url: str, case: str, first: int, last: int, repeats: int) -> None:
    """One session on an idle server."""
    pages = [opened(browser, url, f"case={case}", first) for _ in range(repeats)]
    told("opening a page", [taken for _, taken in pages])
    for page, _ in pages[1:]:
        left(page)
    page, years = pages[0][0], range(first + 1, last + 1)
    told("a step of both worlds", steps(page, years))
    back = [page.evaluate(TIMED, ["year", str(year), str(year)]) for year in [*reversed(range(first, last)), *years]]
    told("the slider of years, by one", back)
    left(page)


def together(browser: Browser, url: str, case: str, years: range, count: int, pause: float) -> None:
    """Some sessions that all play with a pause between years, in seconds, and another one that steps meanwhile."""
    first = years[0]
    others = [opened(browser, url, f"case={case}&until=2035&seed={number}", first)[0] for number in range(count - 1)]
    page, _ = opened(browser, url, f"case={case}&until=2035", first)
    for other in others:
        other.locator('[data-do="pace"]').fill(str(PAUSES.index(pause)))
        other.locator('[data-do="play"]').click()
    told(f"a step while {count - 1} others play, {pause:g} s between years", steps(page, years[1:]))
    for one in (*others, page):
        left(one)


def held(browser: Browser, url: str, server: int, case: str, last: int, count: int) -> None:
    """Memory with some sessions lived to the last year, and after they left; twice, since the first round warms up."""
    for _ in range(2):
        before = memory(server)
        pages = [opened(browser, url, f"case={case}&seed={number}&year={last}", last)[0] for number in range(count)]
        full = memory(server)
        for page in pages:
            left(page)
        time.sleep(SETTLING)
        print(
            f"memory before, with {count} sessions, after they left: {before:.0f}, {full:.0f}, {memory(server):.0f} MB"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--case", default="pinghu", help="case (default: %(default)s)")
    parser.add_argument("--sessions", type=int, default=10, help="sessions at once (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="pages opened in turn (default: %(default)s)")
    options = parser.parse_args()
    case = load_case(options.case)
    first, last = case.first_year - 1, case.last_year
    path = os.environ.get("FEIDI_BROWSER") or next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with served() as (url, server), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        alone(browser, url, options.case, first, last, options.repeats)
        for pause in (2.0, 0.5):
            together(browser, url, options.case, range(first, last + 1), options.sessions, pause)
        held(browser, url, server, options.case, last, options.sessions)
        browser.close()


if __name__ == "__main__":
    main()
