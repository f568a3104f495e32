"""``feidi docs``: the generated parts of docs/ and of README in both languages."""

from __future__ import annotations

import argparse

from experiments.commands import UsageError
from experiments.commands.options import add_debug

NAME, HELP, ORDER = "docs", "make the generated parts of docs/ and README anew, for developers", 90


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_debug(parser)
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Make the generated pages anew."""
    from pathlib import Path

    from experiments.pages import ODD, pages, renew

    if not ODD.is_file():
        raise UsageError(f"there is no {ODD} here. Run 'feidi docs' in the root of the project's sources.")
    root = Path.cwd()
    try:
        changed = renew(root)
    except FileNotFoundError as error:
        raise UsageError(f"there is no {error.filename}: make it as tests/published/validation.py says.") from None
    for page in pages(root):
        print(f"{page}: {'made anew' if page in changed else 'was up to date'}")
    return 0
