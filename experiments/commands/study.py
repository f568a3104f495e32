"""What ``feidi run`` and ``feidi compare`` do: carry a study out, write its folder, print its tables."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from experiments.commands.options import one_blas_thread
from experiments.defaults import COMPARE_SEEDS, FIRST_SEED, RUN_SEEDS

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from experiments.study import Plan, Study

LONGEST_NAME = 200  # letters; with what is added while a folder is written, most systems take 255 bytes


def add_out(parser: argparse.ArgumentParser) -> None:
    """``--out``."""
    parser.add_argument("--out", metavar="FOLDER", help="where results go (default: results/COMMAND-CASE-ARMS)")


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Run or compare, write the results folder, print the tables."""
    one_blas_thread()
    from datetime import UTC, datetime

    from experiments.changes import read_changes
    from experiments.store import results_folder
    from experiments.study import carry_out, make_plan

    plan = make_plan(
        [options.first, *options.arms],
        case=options.case,
        seeds=options.seeds,
        seed=options.seed,
        years=options.years,
        changes=read_changes(options.changes, "--set"),
        workers=options.workers,
        turning_point=options.turning_point,
    )
    arms = "-".join(scenario.name for scenario in plan.scenarios)
    named = _safe(f"{options.command}-{plan.case.name}-{arms}{_what_differs(options, plan)}")
    out = f"results/{named}" if options.out is None else options.out
    began = datetime.now(UTC).astimezone()
    language = options.language or ("en" if options.figures else None)
    with results_folder(out) as folder:
        study = carry_out(plan)
        _write(study, folder, ["feidi", *words], began, full=options.who_pays, language=language)
    print(f"\nTables, {'figures, ' if language else ''}report and manifest: {out}")
    if language is None:
        print("Figures are drawn with --figures.")
    return 0


def _what_differs(options: argparse.Namespace, plan: Plan) -> str:
    """What differs from the plain command, for the folder's name: one study does not take another's place."""
    from experiments.changes import short

    usual = COMPARE_SEEDS if options.command == "compare" else RUN_SEEDS
    years = f"-{options.years}years" if options.years is not None else ""
    seeds = f"-{plan.seeds}seeds" if plan.seeds != usual else ""
    first = f"-seed{plan.seed}" if plan.seed != FIRST_SEED else ""
    changed = "".join(f"-{key}={short(value)}" for key, value in plan.changes.items())
    return f"{years}{seeds}{first}{changed}{_which_file(plan.case_name)}"


def _safe(name: str) -> str:
    """A name that every system takes for a folder: without colons and brackets, and not too long."""
    import hashlib

    safe = name.translate(str.maketrans(":[;", "_--", "]"))
    if len(safe) <= LONGEST_NAME:
        return safe
    rest = hashlib.blake2b(safe.encode(), digest_size=6).hexdigest()
    return f"{safe[:LONGEST_NAME]}-{rest}"


def _which_file(case: str) -> str:
    """Some signs that stand for the path of a case file: files in two folders may have one name."""
    import hashlib
    from pathlib import Path

    if not case.endswith(".toml"):
        return ""
    path = str(Path(case).expanduser().resolve())
    return f"-file{hashlib.blake2b(path.encode(), digest_size=3).hexdigest()}"


def _write(
    study: Study, folder: Path, command_line: list[str], began: datetime, *, full: bool, language: str | None
) -> None:
    """Write everything into the folder, and print the tables, before figures, which might fail.

    language: of the figures; None draws none, and loads nothing for it.
    """
    from experiments.manifest import describe
    from experiments.report import as_markdown, as_text, sections
    from experiments.store import write_manifest, write_tables

    write_tables(study, folder)
    print(as_text(sections(study, full=full)), flush=True)
    figures: list[str] = []
    if language is not None:
        from experiments.figures import write_figures

        figures = write_figures(study, folder / "figures", language)
    (folder / "report.md").write_text(as_markdown(sections(study, full=True), figures), encoding="utf-8")
    write_manifest(folder, describe(study, command_line=command_line, began=began))
