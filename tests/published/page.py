"""Take the pictures of the page that the READMEs show: ``python tests/published/page.py``. Needs a Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PUBLISHED = Path(__file__).resolve().parents[2] / "results" / "published"
PICTURES = {"page.png": "en", "page_zh.png": "zh"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1440, "height": 1180}
YEAR, TAB = 2018, 2


def picture(browser: Browser, address: str, lang: str, target: Path) -> None:
    """A picture of the two worlds that the page opens with, in a year in which most versions run."""
    page = browser.new_page(viewport=SIZE)
    page.goto(f"{address}/?year={YEAR}&lang={lang}")
    page.wait_for_selector(f".feidi-cards[data-year='{YEAR}']")
    page.click(f".feidi-tabs [data-key='{TAB}']")
    page.wait_for_selector("[data-chart='stacked']")
    page.screenshot(path=target)
    page.close()


def main() -> None:
    """Serve the page on a free port and take all pictures."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        sys.exit(f"No browser: install one of {', '.join(BROWSERS)}.")
    words = [sys.executable, "-m", "experiments.cli", "app", "--port", "0", "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as server:
        try:
            assert server.stdout is not None
            address = next(word for word in server.stdout.readline().split() if word.startswith("http"))
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
                for name, lang in PICTURES.items():
                    picture(browser, address, lang, PUBLISHED / name)
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
