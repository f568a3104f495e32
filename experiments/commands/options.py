"""Options that several commands share, and how their words are read."""

from __future__ import annotations

import argparse
import os

from experiments.defaults import DEFAULT_CASE, FIRST_SEED


def whole(text: str) -> int:
    """A whole number. Raises ArgumentTypeError, which argparse tells with the option's name."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number: give one such as 5") from None


def add_debug(parser: argparse.ArgumentParser) -> None:
    """``--debug``."""
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")


def add_workers(parser: argparse.ArgumentParser) -> None:
    """``--workers``."""
    meaning = "processes (default: one a core); results do not depend on it"
    parser.add_argument("--workers", metavar="COUNT", type=whole, help=meaning)


def add_language(
    parser: argparse.ArgumentParser,
    *,
    meaning: str = "language of the figures: en or zh (default: %(default)s)",
    default: str | None = "en",
) -> None:
    """``--lang``."""
    parser.add_argument("--lang", dest="language", choices=("en", "zh"), default=default, help=meaning)


def add_batch_options(parser: argparse.ArgumentParser, *, out: str) -> None:
    """What all commands take that run a batch. out: where results go by default."""
    parser.add_argument("--out", metavar="FOLDER", help=f"where results go (default: {out})")
    parser.add_argument("--quiet", action="store_true", help="no plan and no progress")
    add_language(parser)
    add_workers(parser)
    add_debug(parser)


def one_blas_thread() -> None:
    """One thread for linear algebra, before numpy is loaded: same bits whatever the workers."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def add_run_options(parser: argparse.ArgumentParser, *, seeds: int) -> None:
    """The options that say what is run: case, seeds, years, changes, workers."""
    add = parser.add_argument
    add("--case", default=DEFAULT_CASE, help="a case by name, or the path of a case file (default: %(default)s)")
    add("--seeds", metavar="COUNT", type=whole, default=seeds, help="how many seeds (default: %(default)s)")
    add("--seed", metavar="FIRST", type=whole, default=FIRST_SEED, help="the first of them (default: %(default)s)")
    add(
        "--years", metavar="COUNT", type=whole, help="years to simulate after the opening one (default: the case's own)"
    )
    meaning = "change a parameter, repeatable; by year: KEY=2006:VALUE,2013:VALUE"
    add("--set", metavar="KEY=VALUE", dest="changes", action="append", default=[], help=meaning)
    add_workers(parser)
    add_debug(parser)
