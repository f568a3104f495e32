"""Other income of villages follows its paths, whatever villages do: own growth first, then one trend for all of it."""

import numpy as np
import pytest

from model.economy import EconomyModel

CHANGES = {
    "village.own_growth": {2006: 0.2, 2013: 0.0},
    "village.other_trend": {2006: 0.0, 2013: 0.1, 2022: 0.0},
    "village.other_later": {2006: 0.0, 2022: 0.05},
    "village.other_shock": 0.0,
}


@pytest.mark.parametrize("arm", [("solo",), ("solo", "enclave")])
def test_own_income_grows_until_2012_and_all_of_it_by_one_trend_since(arm):
    model = EconomyModel(case="tiny", mechanisms=arm, seed=1, changes=CHANGES, last_year=2024)
    villages = model.villages
    common = {year: model.parameters.at("tiny.common_income", year) for year in (2005, 2009, 2012)}
    mine = villages.county == 0
    own, seen = villages.own_income[mine].copy(), {2005: villages.other_income[mine].copy()}
    while model.year < model.last_year:
        model.step()
        seen[model.year] = villages.other_income[mine].copy()
    at_turn = own * 1.2**7 + common[2012]
    np.testing.assert_allclose(seen[2005], own + common[2005], rtol=1e-12)
    np.testing.assert_allclose(seen[2009], own * 1.2**4 + common[2009], rtol=1e-12)
    np.testing.assert_allclose(seen[2012], at_turn, rtol=1e-12)
    np.testing.assert_allclose(seen[2021], at_turn * 1.1**9, rtol=1e-12)
    np.testing.assert_allclose(seen[2024], at_turn * 1.1**9 * 1.05**3, rtol=1e-12)
