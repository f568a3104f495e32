"""Which arms are compared with which."""

from __future__ import annotations

import pytest

from experiments.study import make_plan


@pytest.mark.parametrize(
    ("arms", "steps"),
    [
        (("solo_funded", "enclave"), [("solo_funded", "enclave")]),
        # The guarantee comes on top of pooling: what both bring together is told by these two.
        (
            ("solo_funded", "enclave_at_risk", "enclave"),
            [("solo_funded", "enclave_at_risk"), ("enclave_at_risk", "enclave")],
        ),
        (("enclave_at_risk", "enclave"), [("enclave_at_risk", "enclave")]),
        (("town", "enclave"), [("town", "enclave")]),
        (("town", "pooling"), []),
    ],
)
def test_steps_beside_the_effects_against_the_baseline(arms, steps):
    plan = make_plan(("solo", *arms), case="tiny", seeds=1, workers=1)
    assert plan.pairs == [*(("solo", arm) for arm in arms), *steps]


def test_a_step_that_is_an_effect_against_the_baseline_is_told_once():
    plan = make_plan(("solo_funded", "enclave_at_risk", "enclave"), case="tiny", seeds=1, workers=1)
    assert plan.pairs == [
        ("solo_funded", "enclave_at_risk"),
        ("solo_funded", "enclave"),
        ("enclave_at_risk", "enclave"),
    ]
