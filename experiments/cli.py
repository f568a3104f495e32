"""``feidi``, the command: bad input gets one clear line, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from experiments.commands import BAD_INPUT, FAILED, INTERRUPTED, UsageError, commands

OURS = ("agents", "model", "experiments")
EPILOGUE = """examples:
  feidi list scenarios                              what can be run
  feidi run enclave --case tiny                     one scenario, one seed
  feidi compare solo enclave                        effects of the county enclave, 20 paired seeds
  feidi compare aid:enclave enclave --years 30      pooling against cash of the same public cost, to 2035
  feidi compare solo enclave --set pool.coupon_rate=0.08 --seeds 10 --out results/coupon
"""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line that says what to do."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of printing the usage and leaving."""
        raise UsageError(f"{message}. See '{self.prog} --help'.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code: 0 done, 1 a run failed, 2 bad input, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that has no Chinese shows question marks
    try:
        return _obey(words)
    except KeyboardInterrupt as interrupt:
        usual = "interrupted. Nothing was written, earlier results are as they were."
        return _say(str(interrupt) or usual, INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in words:
            raise
        code, message = _explain(error)
        return _say(message, code)


def _say(message: str, code: int) -> int:
    """One line on stderr; a file with many faults has one a fault."""
    for line in message.splitlines():
        print(f"feidi: {' '.join(line.split())}", file=sys.stderr)
    return code


def _explain(error: Exception) -> tuple[int, str]:
    """Exit code and line for an error: what our own classes of errors say is meant for people."""
    ours = type(error).__module__.partition(".")[0] in OURS
    if ours and isinstance(error, ValueError):
        return BAD_INPUT, str(error)
    if ours:
        return FAILED, str(error)
    what = " ".join(str(error).split())
    return FAILED, f"{type(error).__name__}: {what} This is a fault of feidi: --debug shows where."


def _obey(words: list[str]) -> int:
    """Parse the words and do what they say."""
    command = next((word for word in words if not word.startswith("-")), None)
    if command is not None and command not in commands():
        from model.parameters import nearest

        raise UsageError(f"no command {command!r}. {nearest(command, commands())} See 'feidi --help'.")
    parser = build_parser()
    options = parser.parse_args(words)
    if options.version:
        from experiments.manifest import feidi_version

        print(f"feidi {feidi_version()}")
        return 0
    if command is None:
        parser.print_help()
        return 0
    act: Callable[[argparse.Namespace, list[str]], int] = options.act
    return act(options, words)


def build_parser() -> Parser:
    """The whole command line."""
    parser = Parser(
        prog="feidi",
        description="Does it pay villages to pool land quota and capital in better places (飞地抱团), and who pays?",
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for name, command in commands().items():
        command.add(subparsers.add_parser(name, help=command.HELP, allow_abbrev=False))
    return parser


if __name__ == "__main__":
    sys.exit(main())
