"""Synthetic cases: many counties, or a whole country, drawn from published figures and from those of the real case.

How many counties, villages and households there are is asked for and met exactly. How they are shared out is drawn from
``synthetic.toml``, which says of each number where it is from; what a county's figures are follows from its size, its
income per head and the counties of the real case (``model/synthetic/figures.py``). The text that comes out is an
ordinary case file, the same for the same arguments.
"""

from __future__ import annotations

import textwrap
from importlib.resources import files

import numpy as np

from agents.table import Array
from model.cases import MOST_HOUSEHOLDS, Case, load_case
from model.draws import Draws
from model.parameters import Parameters, read_toml, read_topic
from model.synthetic.errors import SynthesisError
from model.synthetic.figures import RICH, RealCase, draw_figures, relative_incomes
from model.synthetic.settings import settings_of
from model.synthetic.sizes import Sizes, draw_sizes
from model.synthetic.text import PairOf, county_slug, figures, pairs, places, settings, top

__all__ = ["SynthesisError", "load_distributions", "synthesize"]

REAL = "pinghu"
WIDTH = 115  # letters of a line of the header


MOST_COUNTIES, MOST_VILLAGES = 5_000, 1_000_000  # assumed: more than any country of the size of China has


def load_distributions() -> Parameters:
    """What synthetic cases are drawn from: ``model/synthetic/synthetic.toml``."""
    return Parameters(read_topic("synthetic", read_toml(files(__name__) / "synthetic.toml")["synthetic"]))


def synthesize(
    *, counties: int, villages: int, households: int, seed: int = 0, title: str = "", title_zh: str = ""
) -> str:
    """The text of a case file with so many counties, villages and rows of rural households.

    households: 0 for villages without rows of households, else at least one a village; seed: from 0. Raises
    SynthesisError for numbers that no case can have.
    """
    _check(counties, villages, households)
    draws = _draws(seed)
    p, case = load_distributions(), load_case(REAL)
    real = RealCase(case)
    sizes = draw_sizes(p, draws, counties=counties, villages=villages, households=households)
    incomes = relative_incomes(p, draws, real, counties)
    slugs = [county_slug(row) for row in range(counties)]
    drawn = draw_figures(p, draws, real, incomes=incomes, households=sizes.stands_for, slugs=slugs)
    paired = pair_up(case, real, incomes)
    asked = f"{counties:,} counties, {villages:,} villages, {households:,} households"
    parts = [
        top(
            title.strip() or f"Synthetic: {asked}",
            title_zh.strip() or f"合成案例：{counties}县，{villages}村，{households}户",
            (case.first_year, case.last_year),
            _header(asked, seed, sizes, paired),
            f"assumed: drawn with seed {seed} from the distributions of model/synthetic/synthetic.toml; no real places",
        ),
        *places(sizes),
        *pairs(paired),
        *figures(drawn),
        *settings(settings_of(case.parameters, real, sizes, paired=bool(paired))),
    ]
    return "".join(parts)


def _check(counties: int, villages: int, households: int) -> None:
    """Refuse numbers that no case can have. Raises SynthesisError."""
    for name, count, most in (
        ("counties", counties, MOST_COUNTIES),
        ("villages", villages, MOST_VILLAGES),
        ("households", households, MOST_HOUSEHOLDS),
    ):
        if count > most:
            raise SynthesisError(f"{name} is {count:,}: give at most {most:,}.")
    if counties < 1:
        raise SynthesisError(f"counties is {counties}: give at least 1, the host of all pools.")
    if villages < counties:
        raise SynthesisError(
            f"villages is {villages} for {counties} counties: give at least one a county, {counties} or more."
        )
    if households and households < villages:
        raise SynthesisError(
            f"households is {households} for {villages} villages: give at least one a village, {villages} or more, "
            "or 0 for villages without rows of households."
        )


def _draws(seed: int) -> Draws:
    """The luck of a seed. Raises SynthesisError for one that there is not."""
    try:
        return Draws(seed)
    except ValueError as error:
        raise SynthesisError(str(error)) from None


def pair_up(case: Case, real: RealCase, incomes: Array) -> list[PairOf]:
    """Partners of the first county, a county each, as far as there are counties: that of the nearest income.

    case: whose pairs these are like; incomes: over the first county's, shape (counties,).
    """
    slugs = {county.name: county.slug for county in case.counties}
    free, found = list(range(1, len(incomes))), []
    for pair in case.pairs:
        if not free:
            break
        target = real.income(slugs[pair.partner]) / real.income(RICH)
        nearest = min(free, key=lambda row: abs(float(np.log(incomes[row] / target))))
        free.remove(nearest)
        found.append(PairOf(pair.kind, 0, nearest, pair.since))
    return found


def _header(asked: str, seed: int, sizes: Sizes, paired: list[PairOf]) -> list[str]:
    """What is synthetic, in the lines of a comment."""
    stands_for, rows = round(float(sizes.stands_for.sum())), int(sizes.households.sum())
    sample = f"the rows are a sample and stand for {stands_for:,}" if rows < stands_for else "each has a row"
    kinds = ", ".join(one.kind for one in paired) or "none"
    told = (
        f"A synthetic case: {asked}. Nothing in it is a real place.",
        f"Made by 'feidi case synthesize' with seed {seed}.",
        "How many villages, towns and households a county has is drawn from the distributions in "
        "model/synthetic/synthetic.toml, where each number stands with its source.",
        f"Households: {sample}. Towns have none of their own, so that all on the list of 6.0 are rural.",
        "Figures of counties are those of Pinghu and Qingtian in pinghu.toml, at another size and another income per "
        "head, with luck; the first county, which hosts the pairs, is Pinghu at its own size. Ranges are moved along.",
        f"Pairs: {kinds}; each with the county whose income is nearest to that of the partner in pinghu.toml. All "
        "other counties pool on their own.",
    )
    return [line for one in told for line in textwrap.wrap(one, WIDTH)]
