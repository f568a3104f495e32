"""``feidi report FOLDER``: results as one HTML page."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_debug

NAME, HELP, ORDER = "report", "write a results folder as one HTML page that opens offline", 60


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", metavar="FOLDER", help="what 'feidi run', 'compare' or 'batch' wrote")
    add_debug(parser)
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Write report.html into the folder."""
    from pathlib import Path

    from experiments.html import write_page

    folder = Path(options.folder).expanduser()
    print(f"{write_page(folder, title=folder.resolve().name)} is written.")
    return 0
