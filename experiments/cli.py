"""``feidi``, the command: bad input gets one clear line, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from experiments.study import COMPARE_SEEDS, DEFAULT_CASE, FIRST_SEED, RUN_SEEDS
from model.parameters import nearest

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.study import Plan, Study

BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130
COMMANDS = ("list", "run", "compare", "docs")
EPILOGUE = """examples:
  feidi list scenarios                              what can be run
  feidi run enclave --case tiny                     one scenario, one seed
  feidi compare solo enclave                        effects of the county enclave, 20 paired seeds
  feidi compare aid:enclave enclave --years 30      pooling against cash of the same public cost, to 2035
  feidi compare solo enclave --set pool.coupon_rate=0.08 --seeds 10 --out results/coupon
"""


class UsageError(ValueError):
    """A command line that cannot be read."""


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
    except KeyboardInterrupt:
        return _say("interrupted. Nothing was written, earlier results are as they were.", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in words:
            raise
        code, message = _explain(error)
        return _say(message, code)


def _say(message: str, code: int) -> int:
    """One line on stderr."""
    print(f"feidi: {' '.join(message.split())}", file=sys.stderr)
    return code


def _explain(error: Exception) -> tuple[int, str]:
    """Exit code and line for an error."""
    from experiments.runner import RunError
    from experiments.scenario import ScenarioError
    from experiments.store import StoreError
    from experiments.study import PlanError
    from model.cases import CaseError
    from model.parameters import ParameterError
    from model.registry import MechanismError

    ours = UsageError | ScenarioError | PlanError | StoreError | CaseError | ParameterError | MechanismError
    if isinstance(error, ours):
        return BAD_INPUT, str(error)
    if isinstance(error, RunError):
        return FAILED, str(error)
    return FAILED, f"{type(error).__name__}: {error} This is a fault of feidi: --debug shows where."


def _obey(words: list[str]) -> int:
    """Parse the words and do what they say."""
    command = next((word for word in words if not word.startswith("-")), None)
    if command is not None and command not in COMMANDS:
        raise UsageError(f"no command {command!r}. {nearest(command, COMMANDS)} See 'feidi --help'.")
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
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    _add_list(commands.add_parser("list", help="show what there is", allow_abbrev=False))
    run = commands.add_parser("run", help="run one scenario", allow_abbrev=False)
    run.add_argument("first", metavar="SCENARIO", help="what to run: see 'feidi list scenarios', aid:ARM among them")
    _add_options(run, seeds=RUN_SEEDS)
    run.set_defaults(arms=[], turning_point=False, who_pays=False)
    compare = commands.add_parser("compare", help="compare arms with a baseline, paired by seed", allow_abbrev=False)
    compare.add_argument("first", metavar="BASELINE", help="what the arms are compared with")
    compare.add_argument("arms", metavar="ARM", nargs="+", help="see 'feidi list scenarios'")
    _add_options(compare, seeds=COMPARE_SEEDS)
    compare.add_argument("--who-pays", action="store_true", help=WHO_PAYS_HELP)
    compare.add_argument("--no-turning-point", dest="turning_point", action="store_false", help=TURNING_HELP)
    docs = commands.add_parser(
        "docs", help="make the generated parts of docs/ anew, for developers", allow_abbrev=False
    )
    docs.add_argument("--debug", action="store_true", help="show the traceback of an error")
    docs.set_defaults(act=_docs)
    return parser


WHO_PAYS_HELP = "print all tables of who pays: value created, transfers, boundaries (report.md has them anyway)"
TURNING_HELP = "do not look for the difference between places at which the sign of the effect turns"


def _add_list(parser: argparse.ArgumentParser) -> None:
    """``feidi list TOPIC``."""
    parser.add_argument("topic", metavar="TOPIC", help="scenarios, mechanisms, parameters, indicators or cases")
    parser.add_argument("--case", default=DEFAULT_CASE, help="whose parameters (default: %(default)s)")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(act=_list)


def _add_options(parser: argparse.ArgumentParser, *, seeds: int) -> None:
    """The options that run and compare share."""
    add = parser.add_argument
    add("--case", default=DEFAULT_CASE, help="a case by name, or the path of a case file (default: %(default)s)")
    add("--seeds", metavar="COUNT", type=_whole, default=seeds, help="how many seeds (default: %(default)s)")
    add("--seed", metavar="FIRST", type=_whole, default=FIRST_SEED, help="the first of them (default: %(default)s)")
    add(
        "--years",
        metavar="COUNT",
        type=_whole,
        help="years to simulate after the opening one (default: the case's own)",
    )
    add(
        "--set", metavar="KEY=VALUE", dest="changes", action="append", default=[], help="change a parameter, repeatable"
    )
    add("--workers", metavar="COUNT", type=_whole, help="processes (default: one a core); results do not depend on it")
    add("--out", metavar="FOLDER", help="where results go (default: results/COMMAND-CASE-ARMS)")
    add("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(act=_study)


def _whole(text: str) -> int:
    """A whole number. Raises ArgumentTypeError, which argparse tells with the option's name."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number: give one such as 5") from None


def read_changes(words: Sequence[str]) -> dict[str, float]:
    """The parameter changes of ``--set key=value``. Raises UsageError."""
    changes: dict[str, float] = {}
    for word in words:
        key, equals, text = word.partition("=")
        key = key.strip()
        if not (equals and key):
            raise UsageError(f"--set {word!r} is not KEY=VALUE. Write for example --set pool.coupon_rate=0.08.")
        if key in changes:
            raise UsageError(f"--set {key} is given twice. Give it once.")
        try:
            changes[key] = float(text)
        except ValueError:
            raise UsageError(f"--set {key}: {text!r} is not a number. Give one such as 0.08.") from None
    return changes


def _list(options: argparse.Namespace, words: list[str]) -> int:
    """Print one list."""
    from experiments.listing import LISTS
    from model.cases import load_case

    if options.topic not in LISTS:
        raise UsageError(f"no list {options.topic!r}. {nearest(options.topic, LISTS)} See 'feidi list --help'.")
    load_case(options.case)  # refuse a case that there is not, also where the list does not need it
    print(LISTS[options.topic](options.case))
    return 0


def _docs(options: argparse.Namespace, words: list[str]) -> int:
    """Make the generated pages anew."""
    from pathlib import Path

    from experiments.pages import ODD, renew

    if not ODD.is_file():
        raise UsageError(f"there is no {ODD} here. Run 'feidi docs' in the root of the project's sources.")
    print(f"{ODD}: {'made anew' if renew(Path.cwd()) else 'was up to date'}")
    return 0


def _study(options: argparse.Namespace, words: list[str]) -> int:
    """Run or compare, write the results folder, print the tables."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: same bits whatever the workers
    from experiments.store import results_folder
    from experiments.study import carry_out, make_plan

    plan = make_plan(
        [options.first, *options.arms],
        case=options.case,
        seeds=options.seeds,
        seed=options.seed,
        years=options.years,
        changes=read_changes(options.changes),
        workers=options.workers,
        turning_point=options.turning_point,
    )
    arms = "-".join(scenario.name for scenario in plan.scenarios).replace(":", "_")  # some systems bar colons in names
    named = f"results/{options.command}-{plan.case.name}-{arms}{_what_differs(options, plan)}"
    out = named if options.out is None else options.out
    began = datetime.now(UTC).astimezone()
    with results_folder(out) as folder:
        study = carry_out(plan)
        text = _write(study, folder, ["feidi", *words], began, full=options.who_pays)
    print(text)
    print(f"\nTables, figures, report and manifest: {out}")
    return 0


def _what_differs(options: argparse.Namespace, plan: Plan) -> str:
    """What differs from the plain command, for the folder's name: one study does not take another's place."""
    usual = COMPARE_SEEDS if options.command == "compare" else RUN_SEEDS
    years = f"-{options.years}years" if options.years is not None else ""
    seeds = f"-{plan.seeds}seeds" if plan.seeds != usual else ""
    first = f"-seed{plan.seed}" if plan.seed != FIRST_SEED else ""
    changed = "".join(f"-{key}={value!r}".removesuffix(".0") for key, value in plan.changes.items())
    return f"{years}{seeds}{first}{changed}{_which_file(plan.case_name)}"


def _which_file(case: str) -> str:
    """Some signs that stand for the path of a case file: files in two folders may have one name."""
    import hashlib
    from pathlib import Path

    if not case.endswith(".toml"):
        return ""
    path = str(Path(case).expanduser().resolve())
    return f"-file{hashlib.blake2b(path.encode(), digest_size=3).hexdigest()}"


def _write(study: Study, folder: Path, command_line: list[str], began: datetime, *, full: bool) -> str:
    """Write everything into the folder; the text for the terminal."""
    from experiments.figures import write_figures
    from experiments.manifest import describe
    from experiments.report import as_markdown, as_text, sections
    from experiments.store import write_manifest, write_tables

    write_tables(study, folder)
    figures = write_figures(study, folder / "figures")
    (folder / "report.md").write_text(as_markdown(sections(study, full=True), figures), encoding="utf-8")
    write_manifest(folder, describe(study, command_line=command_line, began=began))
    return as_text(sections(study, full=full))


if __name__ == "__main__":
    sys.exit(main())
