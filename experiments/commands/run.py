"""``feidi run SCENARIO``: one scenario."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_language, add_run_options
from experiments.commands.study import act, add_out
from experiments.defaults import RUN_SEEDS

NAME, HELP, ORDER = "run", "run one scenario", 10


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("first", metavar="SCENARIO", help="what to run: see 'feidi list scenarios', aid:ARM among them")
    add_run_options(parser, seeds=RUN_SEEDS)
    add_out(parser)
    parser.add_argument("--figures", action="store_true", help="draw figures too, which takes longer than one run")
    add_language(parser, meaning="draw figures, with words in this language: en or zh", default=None)
    parser.set_defaults(act=act, arms=[], turning_point=False, who_pays=False)
