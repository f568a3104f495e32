"""The general parameters that a synthetic case sets, as tiny.toml does: what goes by the size of a county."""

from __future__ import annotations

import numpy as np

from model.parameters import Parameters
from model.synthetic.figures import RICH, RealCase, rounded
from model.synthetic.sizes import Sizes
from model.synthetic.text import Setting

PARKS = ("tourism", "science_park", "fashion_park")


def settings_of(p: Parameters, real: RealCase, sizes: Sizes, *, paired: bool) -> list[Setting]:
    """What the case says of general parameters. p: those of the real case; paired: whether there are common parks."""
    found = _of_sample(p, float(sizes.households.sum()) / float(sizes.stands_for.sum()))
    if paired:
        part = float(sizes.stands_for[0]) / real.households[RICH]
        found += [_park(p, f"{topic}.capital", part) for topic in PARKS]
    return found + _smallest_plot(p, real, sizes)


def _of_sample(p: Parameters, part: float) -> list[Setting]:
    """Where rows are a part of all households, that part of the payout reaches them; the rest counts as services.

    part: rows of households over the households that they stand for, at most 1.
    """
    if part > 1.0 - 1e-9:
        return []
    payout, services = p.declared("village.payout"), p.declared("village.services")
    low, high = payout.range or (p["village.payout"],) * 2
    ends = services.range or (p["village.services"],) * 2
    why = f"rows stand for {1.0 / part:.4g} households each" if part > 0.0 else "no household has a row"
    why_zh = f"每一行代表{1.0 / part:.4g}户" if part > 0.0 else "没有单独的农户"
    paid, rest = part * p["village.payout"], (1.0 - part) * p["village.payout"]
    return [
        Setting(
            "village.payout",
            rounded(paid),
            (rounded(part * low), rounded(part * high)),
            f"{why}: the part that reaches them of what a village pays out",
            f"{why_zh}：村集体分配中归这些农户的部分",
        ),
        Setting(
            "village.services",
            rounded(p["village.services"] + rest),
            (rounded(ends[0] + (1.0 - part) * low), rounded(ends[1] + (1.0 - part) * high)),
            f"services, and what is paid out to households without rows ({why})",
            f"公共服务，以及分配给未列出的农户的部分（{why_zh}）",
        ),
    ]


def _park(p: Parameters, key: str, part: float) -> Setting:
    """The capital of a common park for a first county of another size than Pinghu's. part: its size over that."""
    low, high = p.declared(key).range or (p[key], p[key])
    return Setting(
        key,
        rounded(part * p[key]),
        (rounded(part * low), rounded(part * high)),
        f"the first county stands for {part:.3g} times the rural households of Pinghu",
        f"第1县所代表的农户为平湖的{part:.3g}倍",
    )


def _smallest_plot(p: Parameters, real: RealCase, sizes: Sizes) -> list[Setting]:
    """Smaller plots for pools, where counties have fewer villages to fill them than Pinghu has."""
    key, usual = "build.min_plot_zone", real.villages
    mean = len(sizes.town) / len(sizes.stands_for)
    if mean >= usual:
        return []
    part = mean / usual
    low, high = np.array(p.declared(key).range or (p[key], p[key])) * part
    return [
        Setting(
            key,
            rounded(part * p[key]),
            (rounded(low), rounded(high)),
            f"{mean:.3g} villages a county instead of {usual}, so smaller pools",
            f"平均每县{mean:.3g}个村而不是{usual}个，抱团项目较小",
        )
    ]
