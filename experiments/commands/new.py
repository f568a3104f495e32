"""``feidi new experiment [PATH]``: an experiment file with comments, to be changed."""

from __future__ import annotations

import argparse

from experiments.commands import UsageError
from experiments.commands.options import add_debug

NAME, HELP, ORDER = "new", "write a commented experiment file", 26


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", metavar="WHAT", help="experiment")
    parser.add_argument("path", metavar="PATH", nargs="?", default="experiment.toml", help="default: %(default)s")
    add_debug(parser)
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Write the file; an existing one is left alone."""
    from importlib.resources import files
    from pathlib import Path

    if options.what != "experiment":
        raise UsageError(f"cannot write a new {options.what!r}. Write 'feidi new experiment PATH'.")
    path = Path(options.path).expanduser()
    if path.suffix != ".toml":
        raise UsageError(f"{path}: an experiment file ends in .toml. Write 'feidi new experiment {path}.toml'.")
    text = (files("experiments") / "template.toml").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already: give another name, or move it away.") from None
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}. Give a path that you may write.") from None
    print(f"{path} is written. Change it, then 'feidi check {path}' explains it and 'feidi batch {path}' runs it.")
    return 0
