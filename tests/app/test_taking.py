"""What can be taken along is what was watched: tables as CSV and Parquet, and charts of every tab."""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree

import pandas as pd
import pytest

from experiments.app.payers import SMALL, payers_html
from experiments.app.reading import gains_to_date, parts_of_gain
from experiments.app.setup import Choice, Policy, Setup
from experiments.app.taking import as_csv, as_parquet, outcome_table, parcel_of, village_table
from experiments.app.telling import quantity
from experiments.app.views import TABS, View, charts_html, who_pays
from model.accounts import sectors
from model.indicators import INDICATORS

pytestmark = pytest.mark.one_version

SETUP = Setup(Choice(Policy("solo")), Choice(Policy("pooling")), "tiny")


def read_back(content, kind):
    return (
        pd.read_csv(io.BytesIO(content), float_precision="round_trip")
        if kind == "csv"
        else pd.read_parquet(io.BytesIO(content))
    )


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_tables_come_back_as_they_were(pair, kind):
    for table in (outcome_table(SETUP, pair, None), village_table(SETUP, pair)):
        content = as_csv(table) if kind == "csv" else as_parquet(table)
        pd.testing.assert_frame_equal(read_back(content, kind), table, check_exact=True)


def test_a_row_of_outcomes_is_a_year_of_a_world(pair):
    table = outcome_table(SETUP, pair, None)
    assert len(table) == 2 * len(pair.years)
    assert set(INDICATORS) <= set(table.columns)
    assert table[["world", "arm"]].drop_duplicates().to_numpy().tolist() == [["A", "solo"], ["B", "pooling"]]
    row = table[(table["world"] == "B") & (table["year"] == 2017)].iloc[0]
    assert row["treasury"] == pair.worlds[1].frame(2017).outcomes["treasury"]
    assert (row["case"], row["seed"]) == ("tiny", 1)


def test_a_row_of_villages_is_a_village_in_a_year(pair, case):
    table = village_table(SETUP, pair)
    assert len(table) == 2 * len(pair.years) * case.n_villages
    mine = table[(table["world"] == "B") & (table["year"] == 2017)]
    assert mine["village"].tolist() == list(range(case.n_villages))
    assert mine["pool_income"].tolist() == pair.worlds[1].frame(2017).column("Village", "pool_income").tolist()


def test_with_seeds_every_one_of_them_is_in_the_table(seeds):
    answers, pair = seeds
    table = outcome_table(answers.setup, pair, answers)
    assert len(table) == 2 * 3 * 10
    assert sorted(table["seed"].unique()) == [1, 2, 3]
    row = table[(table["world"] == "B") & (table["year"] == 2014) & (table["seed"] == 1)].iloc[0]
    for name in ("treasury", "recurrent_income_mean"):
        assert row[name] == pair.worlds[1].frame(2014).outcomes[name]
    other = table[(table["world"] == "A") & (table["year"] == 2014) & (table["seed"] == 3)].iloc[0]
    assert other["recurrent_income_mean"] == answers.outcomes[0]["recurrent_income_mean"][2, -1]


@pytest.mark.parametrize("name", ["outcomes.csv", "outcomes.parquet", "villages.csv", "villages.parquet"])
def test_a_parcel_is_a_file(pair, name):
    parcel = parcel_of(name, SETUP, pair, None)
    assert parcel["filename"] == f"feidi-{name}"
    content = base64.b64decode(parcel["base64"])
    wanted = outcome_table(SETUP, pair, None) if name.startswith("outcomes") else village_table(SETUP, pair)
    assert len(read_back(content, name.partition(".")[2])) == len(wanted)
    assert (content[:3] == b"\xef\xbb\xbf") == name.endswith("csv")
    assert (parcel["mime"] == "text/csv") == name.endswith("csv")


@pytest.mark.parametrize("tab", range(len(TABS)))
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("year", [2005, 2013, 2021])
def test_every_chart_of_every_tab_is_drawn(look, tab, lang, year):
    html = charts_html(look(lang, year), tab)
    figures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(figures) == len(TABS[tab][1])
    for svg in figures:
        ElementTree.fromstring(svg)
    names = re.findall(r'data-save="([^"]+)"', html)
    assert len(set(names)) == len(figures)
    assert all(re.fullmatch(rf"feidi-[a-z-]+-\d-{year}\.svg", name) for name in names)


@pytest.mark.parametrize("tab", range(len(TABS)))
def test_charts_are_drawn_with_seeds_while_years_are_lived(seeds, live, tab):
    """Answers reach to the last year, the lines as far as was lived."""
    answers, pair = seeds
    early = live("solo", "enclave", last_year=2014, year=2009)
    for one, year in ((early, 2009), (pair, 2014)):
        html = charts_html(View(one, year, "en", ("A", "B"), answers), tab)
        assert html.count("<svg") == len(TABS[tab][1])
        assert "95% of 3 seeds" in html


def test_identical_worlds_have_nobody_who_pays(twins, look):
    view = look(of=twins, year=2013)
    assert "neither gained nor lost" in payers_html(view)
    assert "Nothing differs between the two worlds" in who_pays(view)
    assert "Nothing differs" not in who_pays(look())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_who_pays_is_told_in_words(pair, look, lang, read_html):
    view = look(lang)
    told = read_html(payers_html(view))
    names = sectors(pair.fate.case)
    mine = gains_to_date(pair)[-1][names.index(("Village", "Tiny"))]
    assert mine > 0.0
    assert quantity(mine, "yuan", lang) in told.words
    shares = [float(text) for text in told.texts if re.fullmatch(r"\d\.\d\d", text)]
    assert told.tags.count("li") == len(shares) > 1
    parts = [part.share for part in parts_of_gain(pair, 2021)]
    assert sorted(shares) == sorted(round(abs(share), 2) for share in parts if abs(share) >= SMALL)
    if lang == "zh":
        assert not re.search(r"[A-Za-z]{2,}", told.words)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("contrast", [0.0, 1.0])
def test_what_was_created_or_lost_is_told_as_it_is(live, look, turned, contrast):
    """Where places are alike the enclave loses value; the other way round that is what villages' loss creates."""
    arms = ("enclave", "solo") if turned else ("solo", "enclave")
    pair = live(*arms, last_year=2014, **{"place.contrast": contrast})
    told = payers_html(look(of=pair, year=2014))
    created = float(gains_to_date(pair)[-1].sum()) > 0.0
    assert ("was created" in told) == created
    assert ("lost on top" in told) == (not created)


def test_who_loses_is_told_too(live, look):
    """The worlds the other way round."""
    turned = live("enclave", "solo", last_year=2014)
    told = payers_html(look(of=turned, year=2014))
    assert "have lost" in told
    assert "went to" in told


def test_a_year_before_anything_differs_has_no_parts(look):
    assert "neither gained nor lost" in payers_html(look(year=2008))
