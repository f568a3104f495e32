"""The answer in words and tables: for the terminal, and the same as ``report.md`` in the results folder."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from experiments.by_county import county_table
from experiments.changes import told_changes
from experiments.effects import EXACT, NOT_DEFINED, ONE_SEED, paired
from experiments.frames import rows_of
from experiments.gains_report import who_pays
from experiments.ladder import FEW_ARMS, ladder_table
from experiments.lines import villages_under_lines
from experiments.study import STEPS, Plan, Study
from experiments.turning import answer, turning_points
from experiments.units import Scale, decimals_for, interval, millions, number, scale_of, text_table
from model.indicators import INDICATORS

PAID_LINES = 20
LUCK = "Intervals tell the luck of the runs at these values of the parameters, not doubt about the values or the rules."


class Section(NamedTuple):
    """A heading, and text that may hold aligned tables."""

    heading: str
    text: str


def sections(study: Study, *, full: bool = False) -> list[Section]:
    """What is reported, in order; with ``full`` all tables of who pays."""
    plan = study.plan
    if not plan.pairs:
        return [_opening(plan), _levels(study)]
    found = [_opening(plan)]
    if len(plan.main_pairs) > FEW_ARMS:
        found += [part for year in plan.shown_years for part in _ladder(study, year)]
    else:
        found += [_effects(study, *pair, year) for pair in plan.pairs for year in plan.shown_years]
    lines = f"Villages under each line, mean of {plan.seeds} {'seed' if plan.seeds == 1 else 'seeds'}"
    found.append(Section(lines, villages_under_lines(study)))
    found.append(Section(f"Villages by county in {plan.shown_years[0]}", county_table(study)))
    for baseline, arm in plan.main_pairs:
        found += [Section(*part) for part in who_pays(study, baseline, arm, full=full)]
        if full:
            found.append(_who_paid(study, baseline, arm))
    return [*found, _turning(plan, study.turning)] if len(study.turning) else found


def as_text(found: Sequence[Section]) -> str:
    """The sections for the terminal, headings underlined."""
    return "\n\n".join(f"{part.heading}\n{'=' * len(part.heading)}\n{part.text}" for part in found)


def as_markdown(found: Sequence[Section], figures: Sequence[str]) -> str:
    """The sections as Markdown: tables as preformatted text, figures (names of PNG files) linked at the end."""
    first, *others = found
    blocks = [f"# {first.heading}\n\n{first.text}"]
    blocks += [f"## {part.heading}\n\n```text\n{part.text}\n```" for part in others]
    blocks += [f"![{name}](figures/{name}.png)" for name in figures]
    return "\n\n".join(blocks) + "\n"


def _opening(plan: Plan) -> Section:
    """What was run."""
    names = [scenario.name for scenario in plan.scenarios]
    question = f"{names[0]} against {', '.join(names[1:])}" if len(names) > 1 else names[0]
    case = plan.case
    lines = [
        f"{case.n_villages:,} villages, {case.n_households:,} households, {case.first_year} to {plan.last_year}, "
        f"{plan.seeds} {'seed' if plan.seeds == 1 else 'seeds'}, money at the prices of each year.",
        f"Outcomes of villages and households are those of {case.counties[0].name} unless they say otherwise.",
    ]
    lines += [f"{scenario.name}: {scenario.title}." for scenario in plan.scenarios]
    if plan.changes:
        lines.append(f"Changed: {told_changes(plan.changes)}.")
    if plan.seeds > 1:
        lines.append(LUCK)
    if plan.is_projection(plan.last_year):
        lines.append(f"Years after {case.last_year} are a projection: the case's figures end there.")
    return Section(f"{case.title}: {question}", "\n".join(lines))


def _year(plan: Plan, year: int) -> str:
    """A year, and whether it is projected."""
    return f"{year} (projection)" if plan.is_projection(year) else str(year)


def _ladder(study: Study, year: int) -> list[Section]:
    """All arms against the baseline, and the steps between arms, a table each."""
    plan = study.plan
    baseline, seeds = plan.scenarios[0].name, f"{plan.seeds} paired seeds" if plan.seeds > 1 else ONE_SEED
    steps = [pair for pair in plan.pairs if pair not in plan.main_pairs]
    found = [(f"Effects: each arm minus {baseline}", plan.main_pairs), ("Steps from arm to arm", steps)]
    when = _year(plan, year)
    return [Section(f"{what} in {when}, {seeds}", ladder_table(study, pairs, year)) for what, pairs in found if pairs]


def _effects(study: Study, baseline: str, arm: str, year: int) -> Section:
    """The table of primary outcomes of one pair in one year."""
    table = study.effects
    chosen = (table["baseline"] == baseline) & (table["arm"] == arm) & (table["year"] == year) & table["primary"]
    rows = [_effect_row(row) for row in rows_of(table[chosen])]
    head = ["Outcome", "Unit", baseline, arm, "Effect", "95% interval", "Fewer runs"]
    step = (baseline, arm) in STEPS and (baseline, arm) not in study.plan.main_pairs
    itself = f"{STEPS[baseline, arm]}: " if step else "Effect: "
    seeds = f"{study.plan.seeds} paired seeds" if study.plan.seeds > 1 else ONE_SEED
    text = text_table(head, rows, left=2)
    if study.plan.seeds > 1:
        text += "\nFewer runs: how many times more seeds the same interval would take with arms that are not paired."
    return Section(f"{itself}{arm} minus {baseline} in {_year(study.plan, year)}, {seeds}", text)


def _effect_row(row: Any) -> list[str]:
    """One outcome: levels, effect, interval, and how many times fewer runs the pairing needed."""
    values = [getattr(row, name) for name in ("baseline_mean", "arm_mean", "effect", "low", "high")]
    scale = scale_of(row.unit, values)
    before, after, effect, low, high = (value / scale.divisor for value in values)
    if row.note == NOT_DEFINED:
        return [row.title, scale.unit, "", "", NOT_DEFINED, "", ""]
    places = decimals_for([effect, (high - low) / 2])
    signed = math.isfinite(before)
    levels = [number(value, places) if signed else "" for value in (before, after)]
    return [
        row.title,
        scale.unit,
        *levels,
        number(effect, places, signed=signed),
        interval(low, high, places),
        saved(row),
    ]


def saved(row: Any) -> str:
    """How many times fewer runs the pairing needed."""
    if row.note == EXACT:
        return EXACT
    times = row.times_fewer_runs
    return f"{number(times, 1 if times < 10 else 0)}x" if math.isfinite(times) else ""


def _who_paid(study: Study, baseline: str, arm: str) -> Section:
    """The largest differences in the raw flows."""
    plan, table = study.plan, study.who_paid
    rows = table[(table["baseline"] == baseline) & (table["arm"] == arm)]
    shown = rows.head(PAID_LINES)
    until = plan.shown_years[0]
    heading = f"What changed hands: {arm} minus {baseline}, million yuan, sum of {plan.case.first_year} to {until}"
    if not len(rows):
        return Section(heading, "No flow of money differs.")
    head = ["Purpose", "From", "To", "Difference", "95% interval"]
    lines = [[row.reason, row.giver, row.taker, *millions(row.difference, row.low, row.high)] for row in rows_of(shown)]
    text = text_table(head, lines, left=3)
    if len(rows) > len(shown):
        text += f"\nThe {len(shown)} largest of {len(rows)} differences; all are in who_paid.csv."
    return Section(heading, text)


def _turning(plan: Plan, table: pd.DataFrame) -> Section:
    """At which difference between places the sign turns: the effects looked at, and the answer."""
    contrasts = sorted(table["contrast"].unique())
    turns = turning_points(table)
    blocks = []
    for outcome, rows in table.groupby("outcome", sort=False):
        scale = scale_of(rows["unit"].iloc[0], rows["effect"])
        lines = []
        for turn in (turn for turn in turns if turn.outcome == outcome):
            chosen = rows[(rows["baseline"] == turn.baseline) & (rows["arm"] == turn.arm)]
            cells = [_marked(row, scale) for row in rows_of(chosen)]
            lines.append([f"{turn.arm} minus {turn.baseline}", *cells, answer(turn)])
        head = ["At the contrast", *(f"{contrast:g}" for contrast in contrasts), "Sign turns at"]
        title = f"Effect on: {rows['title'].iloc[0]}, {scale.unit}, {_year(plan, plan.last_year)}"
        blocks.append(f"{title}\n{text_table(head, lines)}")
    seeds = int(table["seeds"].max())
    blocks.append(
        "The contrast multiplies every difference between places: 1 is the case, 0 all places alike, below 0 the zone "
        f"is\nthe worse place. {seeds} {'seed' if seeds == 1 else 'seeds'}, straight lines between the contrasts; "
        "~ marks an effect whose interval covers zero."
    )
    return Section("At which difference between places does the sign of the effect turn?", "\n\n".join(blocks))


def _marked(row: Any, scale: Scale) -> str:
    """An effect, marked when it may be zero."""
    value = row.effect / scale.divisor
    unsure = "~" if math.isfinite(row.low) and row.low <= 0.0 <= row.high and row.low < row.high else ""
    return unsure + number(value, min(decimals_for([value]), 2), signed=True)


def _levels(study: Study) -> Section:
    """The primary indicators of one scenario: opening state and last years, means over seeds."""
    plan, runs = study.plan, study.indicators
    opening = plan.case.first_year - 1
    years = [opening, *plan.shown_years]
    rows = []
    for name, about in INDICATORS.items():
        if about.primary:
            rows.append(_level_row(about.title, about.unit, [runs.loc[runs["year"] == year, name] for year in years]))
    head = ["Outcome", "Unit", *(_year(plan, year) for year in years), f"95% interval {years[-1]}"]
    heading = f"Outcomes, mean of {plan.seeds} seeds" if plan.seeds > 1 else f"Outcomes, {ONE_SEED}"
    return Section(heading, text_table(head, rows, left=2))


def _level_row(title: str, unit: str, values: Sequence[pd.Series]) -> list[str]:
    """One outcome in some years, with the interval of the mean over seeds in the last of them."""
    found = [paired([0.0] * len(value), value) for value in values]
    means = [float(part.difference) for part in found]
    scale = scale_of(unit, means)
    places = decimals_for([mean / scale.divisor for mean in means])
    cells = [number(mean / scale.divisor, places) for mean in means]
    low, high = float(found[-1].low) / scale.divisor, float(found[-1].high) / scale.divisor
    return [title, scale.unit, *cells, interval(low, high, places)]
