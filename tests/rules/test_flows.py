"""What each reason is to the economy: written out once more, for it decides what counts as value created."""

from __future__ import annotations

import pytest

from experiments.scenario import SCENARIOS
from model import flows
from model.economy import EconomyModel
from model.flows import NATURES, REASONS, names_of

# Whoever changes the nature of a reason changes it here too, and so says that it is meant.
BY_NATURE = {
    "product": """value added; fees; other village income; rent of idle land; earnings; quota bought by industry;
        urban land paid; industrial land paid""",
    "cost": """wages of migrants; transport; moving; rent elsewhere; upkeep; running cost; seconded managers;
        reclamation; other use of plan quota given up""",
    "investment": "construction",
    "consumption": "profit; village services; consumption; ordinary spending",
    "injection": "owners' money",
    "transfer": """wages; rent; local tax of firms; national tax of firms; zone land; property tax; tax relief; top-up;
        surplus of the lessee; fees taken from others; quota compensation; grant; provincial grant; interest subsidy;
        share capital given by the county; share capital given by others; share capital given back; aid;
        payout to members; stake bought for a neighbour; interest on deposits; interest on treasuries; interest;
        interest in arrears; ordinary revenue; quota bought""",
    "finance": """capital paid in; capital paid in by a county; loss made good by owners; loss made good by a county;
        rent of own property; pool income; dividends of households; dividends of counties; rent of other landlords;
        dividends of investors outside; stake sold; loan; loan repaid""",
    "land": """plan quota; plan quota to a common park; plan quota used; reclaimed; quota contributed; quota built on;
        quota sold; quota sold to industry; urban land sold; industrial land sold""",
    "opening": "opening balance",
}
BY_PURPOSE = {
    "wages": "wages",
    "rent": "rent",
    "taxes": "local tax of firms; national tax of firms; property tax",
    "land": "zone land",
    "tax relief": "tax relief",
    "guarantee": "top-up; surplus of the lessee",
    "customers taken": "fees taken from others",
    "quota compensation": "quota compensation",
    "grants": "grant; provincial grant",
    "interest subsidy": "interest subsidy",
    "share capital given": """share capital given by the county; share capital given by others;
        share capital given back; stake bought for a neighbour""",
    "aid": "aid",
    "payout to members": "payout to members",
    "interest": "interest on deposits; interest on treasuries; interest; interest in arrears",
    "ordinary budget": "ordinary revenue",
    "quota market": "quota bought",
}
OUTLAY = """capital paid in by a county; tax relief; top-up; loss made good by a county; seconded managers;
    quota compensation; grant; provincial grant; interest subsidy; share capital given by the county; aid"""
RETURNS = """local tax of firms; zone land; property tax; surplus of the lessee; urban land paid;
    industrial land paid"""


def names(text):
    """The names in a list of them."""
    return {" ".join(name.split()) for name in text.split(";")}


def those(**fields):
    """The names of the reasons whose fields have some values."""
    return {one.name for one in REASONS.values() if all(getattr(one, key) == value for key, value in fields.items())}


def test_every_reason_has_its_nature():
    assert {one.nature for one in REASONS.values()} == set(NATURES)
    assert {nature: those(nature=nature) for nature in NATURES} == {key: names(text) for key, text in BY_NATURE.items()}


def test_every_transfer_is_told_under_its_purpose_and_nothing_else_is():
    purposes = {one.purpose for one in REASONS.values()} - {""}
    assert {purpose: those(purpose=purpose) for purpose in purposes} == {
        key: names(text) for key, text in BY_PURPOSE.items()
    }
    assert those(purpose="") == set(REASONS) - those(nature="transfer")


def test_outlay_and_returns_are_those_of_programmes():
    assert set(names_of(outlay=True)) == names(OUTLAY)
    assert set(names_of(returns=True)) == names(RETURNS)


def test_marks_that_cannot_go_together():
    """No yuan is both paid for a programme and brought by one, and neither mark is for what is no money of a county."""
    assert those(outlay=True, returns=True) == set()
    marked = those(outlay=True) | those(returns=True)
    for nature in ("land", "opening", "investment", "consumption", "injection"):
        assert those(nature=nature) & marked == set(), nature
    assert those(returns=True) <= those(nature="transfer") | those(nature="product")


def test_no_two_reasons_share_a_name():
    assert len(REASONS) == sum(isinstance(one, flows.Reason) for one in vars(flows).values())


@pytest.fixture(scope="module")
def moved():
    """Nature of the reason, giver, taker and unit of all that moves in a run with all mechanisms."""
    model = EconomyModel(case="tiny", mechanisms=SCENARIOS["pooling"].mechanisms, seed=1).run()
    return {(REASONS[flow.reason].nature, flow.giver, flow.taker, flow.unit) for flow, _ in model.ledger.flow_table()}


def test_value_is_created_and_used_up_at_the_border(moved):
    """What nobody outside buys or sells only changes hands, or it would be counted as created twice."""
    assert {giver for nature, giver, _, _ in moved if nature in ("product", "injection")} == {"Outside"}
    assert {taker for nature, _, taker, _ in moved if nature in ("cost", "investment", "consumption")} == {"Outside"}
    inside = {nature for nature, giver, taker, _ in moved if "Outside" not in (giver, taker)}
    assert inside == {"transfer", "finance", "land"}


def test_land_has_no_price(moved):
    assert {unit for nature, _, _, unit in moved if nature == "land"} == {"mu"}
    assert {nature for nature, _, _, unit in moved if unit == "mu"} == {"land", "opening"}
