"""``feidi report FOLDER``: results as one HTML page."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_debug, add_language

NAME, HELP, ORDER = "report", "write a results folder as one HTML page that opens offline", 60


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", metavar="FOLDER", help="what 'feidi run', 'compare' or 'batch' wrote")
    add_language(parser, meaning="language of the page, and of a batch's figures: en or zh (default: %(default)s)")
    add_debug(parser)
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Write report.html into the folder; a batch has its tables and figures made anew from its parts.

    What ``run`` and ``compare`` wrote is shown as it is.
    """
    import shlex
    from pathlib import Path

    from experiments.batches.folder import IDENTITY
    from experiments.html import write_page
    from experiments.store import PAGE

    folder = Path(options.folder).expanduser().resolve()
    if (folder / IDENTITY).is_file():
        from experiments.batches.again import finish_again

        finish_again(folder, language=options.language, command=shlex.join(["feidi", *words]))
    else:
        write_page(folder, title=folder.name, language=options.language)
    print(f"{folder / PAGE} is written.")
    if not any(folder.glob("figures/*.png")):
        print("There are no figures to show: 'feidi run' draws them with --figures or --lang.")
    return 0
