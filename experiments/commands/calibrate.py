"""``feidi calibrate``: set parameters to the calibration targets of a case, and find sets that fit as well."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_debug, add_workers, one_blas_thread
from experiments.defaults import DEFAULT_CASE

NAME, HELP, ORDER = "calibrate", "set parameters to published targets, and find sets that fit acceptably", 53


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("--case", default=DEFAULT_CASE, help="a case that has a calibration plan (default: %(default)s)")
    meaning = "where results go; what is finished there is not run again (default: results/calibrate-CASE)"
    add("--out", metavar="FOLDER", help=meaning)
    add("--adopt", action="store_true", help="write what was found into the parameter files, and the ensemble")
    add("--quiet", action="store_true", help="no progress")
    add_workers(parser)
    add_debug(parser)
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Search, match, print."""
    one_blas_thread()
    from experiments.calibration.command import Request, carry_out

    print(
        carry_out(
            Request(
                case=options.case,
                out=options.out,
                workers=options.workers,
                quiet=options.quiet,
                adopted=options.adopt,
                words=("feidi", *words),
            )
        )
    )
    return 0
