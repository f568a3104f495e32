"""What a batch found, in words and tables: for the terminal, ``report.md`` and ``report.html``."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd

from experiments.batches.answers import AGAINST, AS_EXPECTED, UNDECIDED
from experiments.batches.finish import Batch
from experiments.batches.inequality import inequality_section
from experiments.batches.parted_report import parted_sections
from experiments.batches.plan import BatchPlan
from experiments.batches.sampled_report import sampled_sections
from experiments.changes import told_changes
from experiments.design import PARTED, SAMPLED
from experiments.effects import NOT_DEFINED, ONE_SEED
from experiments.frames import rows_of
from experiments.gains_report import who_pays
from experiments.report import LUCK, Section
from experiments.scenario import with_twins
from experiments.units import decimals_for, interval, number, scale_of, text_table
from model.indicators import INDICATORS, RATIOS

WIDTH = 110
SAMPLED_LUCK = (
    "What luck does stands beside what doubt about values does, each in a column of its own; doubt about the rules "
    "stands in none."
)
MOST_POINTS = 30  # that get rows of their own in tables
SHOWN_FAILURES = 5
INVENTORS = ("Gini", "Theil", "Palma")
INTERVALS = (
    "t: Student's interval of the paired difference. Bootstrap: bias-corrected and accelerated. Joint: holds for all "
    "pairs that are compared together (max-t bootstrap); the sentences above go by it. Fewer runs: how many times more "
    "seeds the same interval would take with arms that are not paired."
)


def sections(batch: Batch, *, full: bool) -> list[Section]:
    """What is reported, in order; ``full``: all tables of who pays and all points."""
    found = [_opening(batch.plan, batch.note), *_expected(batch)]
    if batch.plan.experiment.design.kind not in (*SAMPLED, *PARTED):
        found += [Section(*part) for year in batch.plan.years for part in _effects(batch, year)]
    found += _points(batch)
    found += sampled_sections(batch) + parted_sections(batch)
    if batch.study is not None:
        parts = [inequality_section(batch.study, batch.inequality)]
        for baseline, arm in batch.plan.pairs:
            parts += [Section(*part) for part in who_pays(batch.study, baseline, arm, full=full)]
        where = _where(batch.plan)
        found += [Section(f"{part.heading}{where}", part.text) for part in parts]
    return [*found, *_failures(batch)]


def _opening(plan: BatchPlan, note: str) -> Section:
    """The question, and what was run to answer it."""
    experiment, case = plan.experiment, plan.case
    lines = [
        experiment.question,
        f"{case.title}: {case.n_villages:,} villages, {case.n_households:,} households, {case.first_year} to "
        f"{plan.last_year}; {size_of(plan)}. Money at the prices of each year. Outcomes of villages and households are "
        f"those of {case.counties[0].name} unless they say otherwise.",
    ]
    lines += [f"{one.name}: {one.title}." for one in plan.scenarios]
    if experiment.changes:
        lines.append(f"Changed in all arms: {told_changes(experiment.changes)}.")
    luck = SAMPLED_LUCK if plan.experiment.design.kind in SAMPLED else LUCK
    lines += [note, luck] if note else [luck]
    if plan.last_year > case.last_year:
        lines.append(f"Years after {case.last_year} are a projection: the case's figures end there.")
    return Section(experiment.title, "\n".join(textwrap.fill(line, WIDTH) for line in lines))


def size_of(plan: BatchPlan) -> str:
    """Points, seeds, arms and runs of a plan in words."""
    seeds, points = len({unit.seed for unit in plan.units}), len(plan.points)
    more = len(with_twins(plan.scenarios)) - len(plan.scenarios)
    looked = f" ({more} more looked at by others)" if more else ""
    where = f"{points} points of the design ({plan.experiment.design.kind}), " if points > 1 else ""
    return f"{where}{len(plan.scenarios)} arms{looked}, {seeds} paired {'seed' if seeds == 1 else 'seeds'}, " + (
        f"{plan.runs:,} runs"
    )


def _expected(batch: Batch) -> list[Section]:
    """What was expected before the run, against what was found."""
    table = batch.expected
    if not len(table):
        return []
    counts = table.loc[~table["check"], "verdict"].value_counts()
    told = ", ".join(f"{counts.get(name, 0)} {name}" for name in (AS_EXPECTED, UNDECIDED, AGAINST))
    checks = table.loc[table["check"], "verdict"]
    blocks = [f"The signs stood in the experiment file before the run. {len(table) - len(checks)} in all: {told}."]
    if len(checks):
        held = f"{(checks == AS_EXPECTED).sum()} of {len(checks)} checks held, which follow from how the arms are made."
        blocks[0] += f" {held}"
    blocks[0] = textwrap.fill(blocks[0], WIDTH)
    blocks += [_expectation(row) for row in rows_of(table)]
    return [Section("What was expected, and what was found", "\n".join(blocks))]


def _expectation(row: Any) -> str:
    """One expectation: the verdict, what was expected, what was found, and why it was expected."""
    about = (INDICATORS | RATIOS)[row.outcome]
    scale = scale_of(about.unit, [row.effect, row.low, row.high])
    effect, low, high = (value / scale.divisor for value in (row.effect, row.low, row.high))
    places = decimals_for([effect, (high - low) / 2])
    unit = "" if scale.unit == "1" else f" {scale.unit}"
    size = f"{number(effect, places, signed=True)} ({interval(low, high, places)}){unit}"
    where = f" at {row.point}" if row.point else ""
    where += f" less that at {row.than}" if row.than else ""
    said = f"check, {row.verdict}".upper() if row.check else row.verdict.upper()
    within = f"within {number(row.within / scale.divisor, places)}{unit} of 0"
    sign = {"+": "above 0", "-": "below 0"}.get(row.sign, within)
    text = (
        f"{said}: {about.title}, {row.arm} minus {row.baseline}{where}, {row.year}: expected "
        f"{sign}, found {size}. Because: {row.because}"
    )
    return textwrap.fill(text, WIDTH, subsequent_indent="  ")


def _effects(batch: Batch, year: int) -> list[tuple[str, str]]:
    """The tables of the first point in one year: primary outcomes, then the secondary ones with Holm's p."""
    plan, frame = batch.plan, batch.effects
    rows = frame[(frame["point"] == 0) & (frame["year"] == year)]
    if not len(rows):
        return []
    where = _where(plan)
    when = f"{year} (projection)" if year > plan.case.last_year else str(year)
    found = []
    blocks = [_outcome_block(rows[rows["outcome"] == name]) for name in dict.fromkeys(rows["outcome"])]
    text = "\n\n".join([_in_words(rows), *blocks, textwrap.fill(INTERVALS, WIDTH)])
    found.append((f"Effects in {when}{where}", text))
    secondary = rows[~rows["primary"] & rows["p"].notna()]
    if len(secondary):
        found.append((f"Secondary outcomes in {when}{where}, p values by Holm over these", _holm_table(secondary)))
    return found


def _where(plan: BatchPlan) -> str:
    """At which point something was found, where there are several."""
    return f", at {plan.points[0].name}" if len(plan.points) > 1 else ""


def _in_words(rows: pd.DataFrame) -> str:
    """One sentence a pair: what it surely moves, by how much, and what is not sure."""
    told = []
    for (baseline, arm), mine in rows[rows["primary"]].groupby(["baseline", "arm"], sort=False):
        sure, unsure = [], []
        for row in rows_of(mine):
            if not np.isfinite(row.low) or not np.isfinite(row.baseline_mean):
                continue
            low, high = (row.joint_low, row.joint_high) if np.isfinite(row.joint_low) else (row.low, row.high)
            if low <= 0.0 <= high:
                unsure.append(_inside(row.title))
                continue
            sure.append(f"{_inside(row.title)} by {_size(row)}")
        parts = [f"moves {'; '.join(sure)}"] if sure else []
        parts += [f"no sure effect on {', '.join(unsure)}"] if unsure else []
        text = "; ".join(parts) or "has one seed: nothing is sure"
        told.append(textwrap.fill(f"{arm} minus {baseline} {text}.", WIDTH))
    return "\n".join(told)


def _inside(title: str) -> str:
    """A title as it stands inside a sentence: measures keep the capitals of their inventors."""
    return title if title.startswith(INVENTORS) else title[0].lower() + title[1:]


def _size(row: Any) -> str:
    """An effect with its interval and unit."""
    scale = scale_of(row.unit, [row.effect, row.low, row.high])
    effect, low, high = (value / scale.divisor for value in (row.effect, row.low, row.high))
    places = decimals_for([effect, (high - low) / 2])
    unit = "" if scale.unit == "1" else f" {scale.unit}"
    return f"{number(effect, places, signed=True)} ({interval(low, high, places)}){unit}"


def _outcome_block(rows: pd.DataFrame) -> str:
    """The table of one outcome: a row a pair."""
    first = next(rows_of(rows))
    scale = scale_of(first.unit, [*rows["effect"], *rows["arm_mean"]])
    halves = [value / scale.divisor for value in [*rows["effect"], *((rows["high"] - rows["low"]) / 2)]]
    places = decimals_for([value for value in halves if np.isfinite(value)])
    unit = "" if scale.unit == "1" else f", {scale.unit}"
    lines = [_outcome_line(row, scale.divisor, places) for row in rows_of(rows)]
    head = ["", "baseline", "arm", "effect", "t, 95%", "bootstrap, 95%", "joint, 95%", "fewer runs"]
    return f"{first.title}{unit}\n{text_table(head, lines, width=WIDTH + 20)}"


def _outcome_line(row: Any, divisor: float, places: int) -> list[str]:
    name = f"{row.arm} minus {row.baseline}"
    if row.note == NOT_DEFINED:
        return [name, "", "", NOT_DEFINED, "", "", "", ""]
    levels = [number(v / divisor, places) if np.isfinite(v) else "" for v in (row.baseline_mean, row.arm_mean)]
    pairs = ((row.low, row.high), (row.bca_low, row.bca_high), (row.joint_low, row.joint_high))
    spans = [interval(low / divisor, high / divisor, places) for low, high in pairs]
    if not np.isfinite(row.baseline_mean):  # a ratio of two arms, whose interval is by bootstrap
        spans = ["", spans[0], ""]
    times = row.times_fewer_runs
    saved = f"{number(times, 1 if times < 10 else 0)}x" if np.isfinite(times) else ""
    effect = number(row.effect / divisor, places, signed=bool(np.isfinite(row.baseline_mean)))
    return [name, *levels, effect if row.note != ONE_SEED else f"{effect} (one seed)", *spans, saved]


def _holm_table(rows: pd.DataFrame) -> str:
    lines = [
        [f"{row.title}: {row.arm} minus {row.baseline}", _size(row), _p(row.p), _p(row.p_holm)] for row in rows_of(rows)
    ]
    return text_table(["", "effect (t, 95%)", "p", "p by Holm"], lines, width=WIDTH + 20)


def _p(value: float) -> str:
    if not np.isfinite(value):
        return ""
    return "<0.001" if value < 0.001 else number(value, 3)


def _points(batch: Batch) -> list[Section]:
    """Each outcome at every point of the design, where they are few enough to be told one by one."""
    plan = batch.plan
    if not plan.pairs or not 1 < len(plan.points) <= MOST_POINTS or plan.experiment.design.kind in (*SAMPLED, *PARTED):
        return []
    found = []
    for year in plan.years:
        blocks = []
        for name in (*plan.shown, *plan.ratios):
            rows = batch.effects[(batch.effects["year"] == year) & (batch.effects["outcome"] == name)]
            blocks.append(_point_block(rows, plan))
        found.append(Section(f"Effects at every point in {year}", "\n\n".join(blocks)))
    return found


def _point_block(rows: pd.DataFrame, plan: BatchPlan) -> str:
    first = next(rows_of(rows))
    scale = scale_of(first.unit, [*rows["effect"], *rows["low"], *rows["high"]])
    shown = [value / scale.divisor for value in [*rows["effect"], *((rows["high"] - rows["low"]) / 2)]]
    places = decimals_for([value for value in shown if np.isfinite(value)])
    lines = []
    for number_, point in enumerate(plan.points):
        mine = rows[rows["point"] == number_].set_index(["baseline", "arm"])
        cells = [_point_cell(mine.loc[pair], scale.divisor, places) for pair in plan.pairs]
        lines.append([point.name, *cells])
    unit = "" if scale.unit == "1" else f", {scale.unit}"
    head = ["", *(f"{arm} minus {baseline}" for baseline, arm in plan.pairs)]
    return f"{first.title}{unit}\n{text_table(head, lines, width=WIDTH + 30)}"


def _point_cell(row: Any, divisor: float, places: int) -> str:
    if not np.isfinite(row["effect"]):
        return NOT_DEFINED
    effect = number(row["effect"] / divisor, places, signed=True)
    sure = interval(row["low"] / divisor, row["high"] / divisor, places)
    return f"{effect} ({sure})" if sure else effect


def _failures(batch: Batch) -> list[Section]:
    """Runs that failed, and how to repeat them."""
    if not len(batch.failed):
        return []
    lines = [f"{len(batch.failed)} of {batch.plan.runs} runs failed; effects stand on the seeds whose arms both ran."]
    lines += [
        f"{row.arm}, seed {row.seed}, {batch.plan.points[row.point].name}: {row.error}\n  {row.command}"
        for row in rows_of(batch.failed.head(SHOWN_FAILURES))
    ]
    if len(batch.failed) > SHOWN_FAILURES:
        lines.append("All of them stand in failed.csv, with their tracebacks.")
    return [Section("Runs that failed", "\n".join(lines))]
