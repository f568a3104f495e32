"""Low-income households that hold shares (6.0, 持股增收): who is on the list, and what is put in for them.

Source: the case; six steps of admission (六大规范标准程序), two kinds of error (帮错人, 少帮人), yearly review and
seven sources of the capital (七个一点).
"""

from __future__ import annotations

import numpy as np

from agents.table import Array

STEPS = (
    ("village survey", "村社区调查"),
    ("town check", "镇街道核实"),
    ("joint departmental review", "部门联审"),
    ("town feedback", "镇街道反馈"),
    ("village publication", "村社区公开公示"),
    ("departmental approval", "部门审定备案"),
)
SOURCES = (  # the parameters shares.from_NAME, and what the case calls them
    ("households", "家庭出一点"),
    ("villages", "集体出一点"),
    ("enterprises", "企业帮一点"),
    ("paired_units", "结对扶一点"),
    ("cadres", "党员干部募一点"),
    ("charity", "慈善捐一点"),
    ("government", "政府补一点"),
)


def status(income_per_head: Array, was: Array, *, entry_line: Array | float, exit_line: Array | float) -> Array:
    """Whether a household truly is low-income: it falls below the entry line, and stays so up to the exit line.

    income_per_head, lines: yuan/person/year; was: bool, a year ago; shapes (households,). Returns bool.
    """
    return (income_per_head < entry_line) | (was & (income_per_head < exit_line))


def candidates(
    eligible: Array,
    income_per_head: Array,
    uniform: Array,
    *,
    entry_line: Array | float,
    near: float,
    knows: float,
    tries: float,
) -> Array:
    """Who applies: of the eligible those who know of it, and of those near the line some who try.

    eligible: bool; income_per_head, entry_line: yuan/person/year; uniform: in [0, 1); shapes (households,); near:
    entry lines up to which others try; knows, tries: shares that apply. Returns bool, shape (households,).
    """
    others = ~eligible & (income_per_head < near * entry_line)
    return (eligible & (uniform < knows)) | (others & (uniform < tries))


def six_steps(eligible: Array, uniforms: Array, *, miss: float, slip: float) -> Array:
    """Which candidates come through all six steps.

    eligible: bool, shape (n,); uniforms: in [0, 1), shape (6, n); miss: share of the eligible that a step turns away
    (少帮人); slip: share of the others that a step does not notice (帮错人). Returns bool, shape (n,).
    """
    if len(uniforms) != len(STEPS):
        raise ValueError(f"{len(uniforms)} rows of numbers for {len(STEPS)} steps. Give one row a step.")
    listed = np.ones(len(eligible), dtype=bool)
    for drawn in uniforms:
        listed &= np.where(eligible, drawn >= miss, drawn < slip)
    return listed


def yearly_review(listed: Array, eligible: Array, uniform: Array, *, keep_wrongly: float, drop_wrongly: float) -> Array:
    """Who is still on the list after the yearly review.

    listed, eligible: bool; uniform: in [0, 1); shapes (households,); keep_wrongly: share of those no longer eligible
    who stay; drop_wrongly: share of the eligible who lose their place. Returns bool, shape (households,).
    """
    return listed & np.where(eligible, uniform >= drop_wrongly, uniform < keep_wrongly)


def own_contribution(cash: Array, *, least: float, share_of_cash: float) -> Array:
    """What a listed household would put in: a share of its deposits, at least the minimum, nothing if it lacks that.

    cash: yuan, shape (households,); least: yuan. Returns yuan, shape (households,); 0 means that it does not join.
    """
    return np.where(cash >= least, np.maximum(least, share_of_cash * cash), 0.0)


def stake_by_sources(own: Array, shares: Array, *, most: float) -> Array:
    """What each source is asked for so that the household's own money is its share of the stake.

    own: what the household would put in, yuan, shape (n,); shares: of the seven sources, households first, shape (7,),
    used in proportion; most: largest stake, yuan. Returns yuan, shape (n, 7); a row sums to the stake, and of its own
    money a household pays no more than its share of the largest stake.
    """
    part = shares / shares.sum()
    stake = np.minimum(own / part[0], most)
    asked: Array = stake[:, None] * part
    asked[:, 0] = np.minimum(stake - asked[:, 1:].sum(axis=1), own)
    return asked


def paid_by(asked: Array, payer: Array, purse: Array) -> Array:
    """What a source pays of what it is asked for: each payer gives all who ask the same part.

    asked: yuan, shape (n,); payer: row of who pays, -1 where there is nobody, shape (n,); purse: what each has for
    it, yuan, shape (payers,), infinite where there is no limit. Returns yuan, shape (n,). A stake is the sum of what
    came from all sources.
    """
    has_payer = payer >= 0
    bill = np.bincount(payer[has_payer], weights=asked[has_payer], minlength=len(purse))
    # A part is worked out only where the purse falls short, so that an infinite one gives no nan.
    part = np.divide(np.maximum(purse, 0.0), bill, out=np.ones(len(purse)), where=bill > purse)
    paid = np.zeros(len(asked))
    paid[has_payer] = asked[has_payer] * part[payer[has_payer]]
    return paid


def accrued(since: Array, year: float) -> Array:
    """Part of a year for which a stake earns, 0 to 1: dividends count from the day of entry.

    since: when it was put in, as year and fraction (2018.75 is the end of September 2018), any shape; year: the
    calendar year. Returns the same shape.
    """
    return np.clip(year + 1.0 - since, 0.0, 1.0)
