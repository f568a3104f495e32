"""``feidi case synthesize``: a synthetic case file of any size."""

from __future__ import annotations

import argparse
from pathlib import Path

from experiments.commands import UsageError
from experiments.commands.options import add_debug, whole

NAME, HELP, ORDER = "case", "make a case: synthesize draws one of many counties", 27
SUFFIX = ".toml"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done with cases, a parser each."""
    actions = parser.add_subparsers(dest="what", metavar="WHAT", required=True, help="synthesize")
    meaning = "write a case file of made-up counties, drawn from published figures, for runs at the scale of a country"
    add_synthesize(actions.add_parser("synthesize", help=meaning, description=meaning, allow_abbrev=False))


def add_synthesize(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``synthesize``."""
    add = parser.add_argument
    add("--counties", metavar="COUNT", type=whole, required=True, help="the first hosts the pairs")
    add("--villages", metavar="COUNT", type=whole, required=True, help="of all counties together")
    meaning = "rows of households in all villages together; fewer than there would be are a sample, 0: none"
    add("--households", metavar="COUNT", type=whole, required=True, help=meaning)
    add("--seed", metavar="SEED", type=whole, default=0, help="of what is drawn (default: %(default)s)")
    add("--title", metavar="TEXT", default="", help="of the case, in English (default: its numbers)")
    add("--title-zh", metavar="TEXT", default="", help="of the case, in Chinese (default: its numbers)")
    add("--out", metavar="FILE.toml", required=True, help="the case's name is that of the file")
    add("--overwrite", action="store_true", help="write over a file that is there already")
    add_debug(parser)
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Write the case file and say how it is run."""
    path = checked(Path(options.out), overwrite=options.overwrite)
    from model.synthetic import synthesize

    text = synthesize(
        counties=options.counties,
        villages=options.villages,
        households=options.households,
        seed=options.seed,
        title=options.title,
        title_zh=options.title_zh,
    )
    try:
        with path.open("w" if options.overwrite else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}. Give a path that you may write.") from None
    print(f"{path} is written. 'feidi run solo --case {path}' runs it, 'feidi compare solo enclave --case {path}' too.")
    print("The outcomes that are printed are those of its first county, the host; villages.parquet has all villages.")
    return 0


def checked(path: Path, *, overwrite: bool) -> Path:
    """The path of the file to be written. Raises UsageError for one that is no case file, or is there already."""
    try:
        path = path.expanduser()
    except RuntimeError:
        raise UsageError(f"cannot write {path}: nobody has that home. Give a path that you may write.") from None
    if path.suffix != SUFFIX:
        raise UsageError(f"{path}: a case file ends in {SUFFIX}. Give a name such as mine{SUFFIX}.")
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already: give another name, or say --overwrite.")
    return path
