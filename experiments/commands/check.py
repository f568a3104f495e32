"""``feidi check FILE``: what an experiment file says, in words."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_debug

NAME, HELP, ORDER = "check", "check an experiment file and explain it", 28


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="an experiment file, or the name of a study")
    add_debug(parser)
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Print the explanation; faults are told as errors."""
    from experiments.batches.explain import explain

    print(explain(options.file))
    return 0
