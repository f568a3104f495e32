"""``feidi validate``: the model beside the facts."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_batch_options, one_blas_thread, whole
from experiments.defaults import DEFAULT_CASE

NAME, HELP, ORDER = "validate", "hold a case to published facts: what is met, what is missed, by how much", 52


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("--case", default=DEFAULT_CASE, help="a case that has targets (default: %(default)s)")
    add("--seeds", metavar="COUNT", type=whole, default=20, help="how many seeds (default: %(default)s)")
    meaning = "how many parameter sets of the ensemble, for the band of doubt about values (default: %(default)s)"
    add("--sets", metavar="COUNT", type=whole, default=30, help=meaning)
    add(
        "--rules",
        action="store_true",
        help="also other rules, ties and assumptions: which rule a pattern excludes, what a miss hangs on",
    )
    add_batch_options(parser, out="results/validate-CASE")
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Run, score, print."""
    one_blas_thread()
    from experiments.validation.command import Request, carry_out

    print(
        carry_out(
            Request(
                case=options.case,
                seeds=options.seeds,
                sets=options.sets,
                rules=options.rules,
                language=options.language,
                out=options.out,
                workers=options.workers,
                quiet=options.quiet,
                words=("feidi", *words),
            )
        )
    )
    return 0
