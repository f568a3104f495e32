"""``feidi merge FOLDER ...``: the shards of a batch as one."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_debug, add_language

NAME, HELP, ORDER = "merge", "bring the shards of a batch together and finish it", 35


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folders", metavar="FOLDER", nargs="+", help="what 'feidi batch FILE --shard I/N' wrote, all N")
    parser.add_argument("--out", metavar="FOLDER", required=True, help="where the results of all go")
    add_language(parser)
    add_debug(parser)
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Copy the parts together, finish, print."""
    import shlex

    from experiments.batches.merge import merge_shards

    command = shlex.join(["feidi", *words])
    text, folder = merge_shards(options.folders, options.out, language=options.language, command=command)
    print(text)
    print(f"\nTables, figures, report.html and manifest: {folder}")
    return 0
