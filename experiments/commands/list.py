"""``feidi list TOPIC``: what there is."""

from __future__ import annotations

import argparse

from experiments.commands import UsageError
from experiments.commands.options import add_debug
from experiments.defaults import DEFAULT_CASE

NAME, HELP, ORDER = "list", "show what there is", 0


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    topics = "scenarios, mechanisms, parameters, indicators, cases or studies"
    parser.add_argument("topic", metavar="TOPIC", help=topics)
    parser.add_argument("--case", default=DEFAULT_CASE, help="whose parameters (default: %(default)s)")
    add_debug(parser)
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Print one list."""
    from experiments.listing import LISTS
    from model.cases import load_case
    from model.parameters import nearest

    if options.topic not in LISTS:
        raise UsageError(f"no list {options.topic!r}. {nearest(options.topic, LISTS)} See 'feidi list --help'.")
    load_case(options.case)  # refuse a case that there is not, also where the list does not need it
    print(LISTS[options.topic](options.case))
    return 0
