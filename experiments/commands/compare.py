"""``feidi compare BASELINE ARM ...``: effects of arms against a baseline, paired by seed."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_language, add_run_options
from experiments.commands.study import act, add_out
from experiments.defaults import COMPARE_SEEDS

NAME, HELP, ORDER = "compare", "compare arms with a baseline, paired by seed", 20
WHO_PAYS_HELP = "print all tables of who pays: value created, transfers, boundaries (report.md has them anyway)"
TURNING_HELP = "do not look for the difference between places at which the sign of the effect turns"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("first", metavar="BASELINE", help="what the arms are compared with")
    parser.add_argument("arms", metavar="ARM", nargs="+", help="see 'feidi list scenarios'")
    add_run_options(parser, seeds=COMPARE_SEEDS)
    add_out(parser)
    add_language(parser)
    parser.add_argument("--who-pays", action="store_true", help=WHO_PAYS_HELP)
    parser.add_argument("--no-turning-point", dest="turning_point", action="store_false", help=TURNING_HELP)
    parser.set_defaults(act=act, figures=True)
