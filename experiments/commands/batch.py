"""``feidi batch FILE``: an experiment, resumed where it was left."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_batch_options, one_blas_thread, whole

NAME, HELP, ORDER = "batch", "run an experiment file, or go on where it was left", 30


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="an experiment file, or the name of a study: 'feidi list studies'")
    parser.add_argument("--seeds", metavar="COUNT", type=whole, help="how many seeds, instead of what the file says")
    parser.add_argument(
        "--shard", metavar="I/N", help="run only every N-th seed, for one of N machines; then 'feidi merge'"
    )
    parser.add_argument("--cluster", metavar="ADDRESS", help="run on the Dask cluster whose scheduler is there")
    parser.add_argument("--retry-failed", action="store_true", help="run again what failed")
    parser.add_argument("--resume", action="store_true", default=True, help="go on where it was left: always so")
    add_batch_options(parser, out="results/batch-NAME")
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Print the plan, run what is missing, finish."""
    from dataclasses import replace

    one_blas_thread()
    from experiments.batches.command import carry_out, read_shard, request_of

    request = replace(
        request_of(options, words),
        file=options.file,
        seeds=options.seeds,
        shard=read_shard(options.shard),
        cluster=options.cluster,
        retry_failed=options.retry_failed,
    )
    done = carry_out(request)
    print(done.text)
    if done.batch is not None:
        print(f"\nTables, figures, report.html and manifest: {done.folder}")
    return 0
