"""``feidi attribute ARM``: whence an effect comes, in exact Shapley shares."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_batch_options, one_blas_thread, whole
from experiments.defaults import DEFAULT_CASE

NAME, HELP, ORDER = "attribute", "whence an effect comes: exact Shapley shares of channels or mechanisms", 45


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("arm", metavar="ARM", help="whose effect is parted")
    add("--baseline", metavar="ARM", default="solo", help="what it is compared with (default: %(default)s)")
    add("--channels", metavar="NAME", nargs="*", help="part it between channels: all, or those named (the default)")
    add("--mechanisms", metavar="NAME", nargs="*", help="part it between the arm's mechanisms: all, or those named")
    add("--outcomes", metavar="NAME", nargs="+", help="effects on these (default: income, gains, value created)")
    add("--case", default=DEFAULT_CASE, help="a case by name, or the path of a case file (default: %(default)s)")
    add("--seeds", metavar="COUNT", type=whole, default=10, help="how many seeds (default: %(default)s)")
    add("--years", metavar="COUNT", type=whole, help="years to simulate (default: the case's own)")
    add_batch_options(parser, out="results/attribute-CASE-ARM")
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Run all subsets, print the shares."""
    one_blas_thread()
    from experiments.attribution.command import Parting, part
    from experiments.batches.command import request_of

    done = part(
        Parting(
            arm=options.arm,
            baseline=options.baseline,
            channels=None if options.channels is None else tuple(options.channels),
            mechanisms=None if options.mechanisms is None else tuple(options.mechanisms),
            outcomes=tuple(options.outcomes or ()),
            case=options.case,
            seeds=options.seeds,
            years=options.years,
            request=request_of(options, words),
        )
    )
    print(done.text)
    print(f"\nTables, figures, report.html and manifest: {done.folder}")
    return 0
