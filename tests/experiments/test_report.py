"""Tables and figures of a real, small study."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

from experiments.effects import EXACT, NOT_DEFINED
from experiments.figures import FIGURES, write_figures
from experiments.report import as_markdown, as_text, sections
from experiments.study import run
from experiments.turning import CONTRASTS, OUTCOMES
from model.indicators import INDICATORS, RATIOS

pytestmark = pytest.mark.one_version


def test_every_outcome_has_its_effect_in_every_year(study):
    assert set(study.effects["outcome"]) == set(INDICATORS) | set(RATIOS)
    assert len(study.effects) == 3 * 17 * (len(INDICATORS) + len(RATIOS))
    opening = study.effects[(study.effects["year"] == 2005) & study.effects["outcome"].isin(INDICATORS)]
    opening = opening[opening["note"] != NOT_DEFINED]
    assert len(opening) > 0.8 * 3 * len(INDICATORS)
    assert (opening["effect"] == 0.0).all()
    assert set(opening["note"]) == {EXACT}


def test_effects_of_a_chain_add_up(study):
    last = study.effects[(study.effects["year"] == 2021) & study.effects["outcome"].isin(INDICATORS)]
    effect = last.set_index(["baseline", "arm", "outcome"])["effect"].sort_index()
    chained = effect["solo", "solo_funded"] + effect["solo_funded", "enclave"]
    np.testing.assert_allclose(chained, effect["solo", "enclave"], rtol=1e-9, atol=1e-6)


def test_turning_points_look_at_every_contrast(turned):
    assert len(turned.turning) == len(CONTRASTS) * len(OUTCOMES)
    case = turned.turning[(turned.turning["contrast"] == 1.0) & (turned.turning["outcome"] == OUTCOMES[0])]
    main = turned.effects[(turned.effects["year"] == 2014) & (turned.effects["outcome"] == OUTCOMES[0])]
    np.testing.assert_array_equal(case["effect"], main["effect"])


def first_cells(text):
    """The first cells of the rows of all tables, without the blanks at which they are wrapped."""
    found, width = [""], 0
    for line in text.splitlines():
        if line and set(line) <= {"-", " "}:
            width = len(line.split()[0])
        elif line.startswith("  "):
            found[-1] += line
        else:
            found.append(line[:width])
    return {"".join(cell.split()) for cell in found}


def test_text_fits_a_terminal_and_names_every_primary_outcome(study):
    text = as_text(sections(study))
    assert max(len(line) for line in text.splitlines()) <= 115
    titles = {"".join(about.title.split()) for about in (*INDICATORS.values(), *RATIOS.values()) if about.primary}
    assert titles - first_cells(text) == set()
    for heading in (
        "Pooling and its guarantee, the same grants on offer: enclave minus solo_funded in 2021",
        "Who pays: enclave minus solo, million yuan, 2006 to 2021",
    ):
        assert heading in text
    assert text.count("\n") < 250


def test_turning_points_are_told_where_they_were_looked_for(study, turned):
    told = ["At which difference between places" in as_text(sections(one)) for one in (study, turned)]
    assert told == [False, True]


def test_report_holds_the_same(study):
    found = sections(study)
    markdown = as_markdown(found, ["effects"])
    assert all(part.text in markdown for part in found)
    assert markdown.endswith("![effects](figures/effects.png)\n")


def test_figures_are_drawn_and_settings_left_alone(turned, tmp_path):
    before = dict(mpl.rcParams)
    names = write_figures(turned, tmp_path / "figures")
    assert names == list(FIGURES)
    assert len(list((tmp_path / "figures").iterdir())) == 2 * len(FIGURES)
    assert dict(mpl.rcParams) == before


def test_one_scenario_alone(tmp_path):
    alone = run("enclave", case="tiny", years=2)
    assert alone.plan.command == "run"
    assert "one seed: no interval" in as_text(sections(alone))
    names = ["levels", "village_incomes", "lorenz", "growth_incidence"]
    assert write_figures(alone, tmp_path / "figures") == names
    assert not len(alone.effects)


def test_equal_arms_are_equal_to_the_bit():
    from experiments.scenario import Scenario
    from experiments.study import compare

    twin = Scenario("twin", "Solo again", "单打独斗", ("solo",))
    same = compare("solo", twin, case="tiny", seeds=2, years=4, workers=1)
    effects = same.effects[same.effects["outcome"].isin(INDICATORS)]
    effects = effects[effects["note"] != NOT_DEFINED]
    assert len(effects) > 0.8 * 5 * len(INDICATORS)
    assert (effects["effect"] == 0.0).all()
    # Where it came about with one seed alone there is no interval.
    assert (effects[["low", "high"]].fillna(0.0) == 0.0).all(axis=None)
    assert not len(same.who_paid)
    assert "No flow of money differs." in as_text(sections(same))


def test_nothing_to_compare():
    from experiments.study import compare

    with pytest.raises(ValueError, match="at least one arm"):
        compare("solo", case="tiny")
