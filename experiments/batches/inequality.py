"""Inequality and poverty among the villages at the first point, in more measures than a run keeps."""

from __future__ import annotations

import textwrap

import pandas as pd

from experiments.distribution import MissingLibraryError
from experiments.distribution_table import inequality_table
from experiments.frames import rows_of
from experiments.report import Section
from experiments.study import Study
from experiments.units import decimals_for, interval, number, text_table

LINE = 1.8e6  # yuan a year: the programme's line of 2021, as of the outcome villages_below_1800k
WIDTH = 110
INCOME = ("recurrent_income", "aid")


def inequality_of(study: Study | None) -> pd.DataFrame:
    """The table of ``distribution_table`` for the year that is reported; empty without books or the libraries."""
    if study is None:
        return pd.DataFrame()
    try:
        return inequality_table(study.villages, study.plan.shown_years[0], income=INCOME, line=LINE)
    except MissingLibraryError:
        return pd.DataFrame()


def inequality_section(study: Study, table: pd.DataFrame) -> Section:
    """Levels and effects by measure and arm; without the libraries, how to get them."""
    host, year = study.plan.case.counties[0].name, study.plan.shown_years[0]
    heading = f"Inequality between the villages of {host} in {year}"
    if not len(table):
        return Section(heading, 'More measures need further libraries: pip install "feidi[inequality]".')
    lines = []
    shown = table[table.groupby("measure")["mean"].transform("max") > 0.0]
    places_of = {name: row for row, name in enumerate(dict.fromkeys(shown["measure"]))}
    for row in rows_of(shown.sort_values("measure", key=lambda names: names.map(places_of), kind="stable")):
        places = min(decimals_for([row.mean]), 4)
        cells = [number(row.mean, places), number(row.effect, places, signed=True), interval(row.low, row.high, places)]
        lines.append([row.title, row.arm, *cells, row.note])
    text = text_table(["", "arm", "mean", "effect", "95% interval", "note"], lines, width=WIDTH + 20, left=2)
    note = (
        f"Recurrent income and aid of the year. Head count and gaps are below {LINE:,.0f} yuan. Each seed gives one "
        "value; effects are paired."
    )
    return Section(heading, f"{text}\n{textwrap.fill(note, WIDTH)}")
