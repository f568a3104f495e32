"""``feidi sensitivity BASELINE ARM``: which uncertainties an effect hangs on."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_batch_options, one_blas_thread, whole
from experiments.defaults import DEFAULT_CASE

NAME, HELP, ORDER = "sensitivity", "which uncertainties an effect hangs on: Morris, then Sobol", 50


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("baseline", metavar="BASELINE", help="what the arm is compared with")
    add("arm", metavar="ARM", help="whose effect is looked at")
    add("--outcome", metavar="NAME", default="value_to_date", help="the effect is on this (default: %(default)s)")
    add("--case", default=DEFAULT_CASE, help="a case by name, or the path of a case file (default: %(default)s)")
    add("--keys", metavar="KEY", nargs="+", help="the uncertainties (default: all that are declared)")
    add("--trajectories", metavar="COUNT", type=whole, default=10, help="of the screening (default: %(default)s)")
    add("--screen-seeds", metavar="COUNT", type=whole, default=5, help="seeds a point of it (default: %(default)s)")
    add("--keep", metavar="COUNT", type=whole, default=8, help="keys that go on to Sobol (default: %(default)s)")
    add("--base", metavar="COUNT", type=whole, default=64, help="base of Sobol's scheme, a power of two (default: 64)")
    add("--years", metavar="COUNT", type=whole, help="years to simulate (default: the case's own)")
    add_batch_options(parser, out="results/sensitivity-CASE-ARM")
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Screen, analyse what is left, print."""
    one_blas_thread()
    from experiments.batches.command import request_of
    from experiments.batches.screening import Screening, screen_and_analyse

    text, folder = screen_and_analyse(
        Screening(
            baseline=options.baseline,
            arm=options.arm,
            outcome=options.outcome,
            case=options.case,
            keys=tuple(options.keys or ()),
            trajectories=options.trajectories,
            screen_seeds=options.screen_seeds,
            keep=options.keep,
            base=options.base,
            years=options.years,
            request=request_of(options, words),
        )
    )
    print(text)
    print(f"\nTables, figures, report.html and manifest: {folder}/morris and {folder}/sobol")
    return 0
