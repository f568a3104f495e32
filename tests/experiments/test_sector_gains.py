"""The discounted gains as outcomes say what the accounts say."""

import numpy as np
import pytest

from experiments.gains import DISCOUNTED


@pytest.mark.parametrize(
    ("outcome", "where"),
    [
        ("value_to_date", {"table": "gain"}),
        ("village_gain_to_date", {"table": "gain", "kind": "Village", "county": "Tiny"}),
        ("treasury_gain_to_date", {"table": "gain", "kind": "County", "county": "Tiny"}),
    ],
)
def test_differences_of_the_outcomes_are_those_of_the_accounts(study, outcome, where):
    host = study.plan.case.counties[0].name
    rows = study.who_pays[(study.who_pays["measure"] == DISCOUNTED) & (study.who_pays["arm"] == "enclave")]
    rows = rows[rows["baseline"] == "solo"]
    for column, value in where.items():
        rows = rows[rows[column] == (host if column == "county" else value)]
    by_accounts = rows.groupby("year")["difference"].sum()
    effects = study.effects.query("baseline == 'solo' and arm == 'enclave' and outcome == @outcome")
    found = effects.set_index("year")["effect"]
    assert np.abs(by_accounts).max() > 1e5
    assert found[by_accounts.index].to_numpy() == pytest.approx(by_accounts.to_numpy(), abs=1e-3)
