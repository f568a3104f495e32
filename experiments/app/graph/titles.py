"""What is told of a thing when the pointer rests on it, and of the whole picture to those who do not see it."""

from __future__ import annotations

from html import escape

import numpy as np

from agents.table import Array, total_by
from experiments.app.graph.names import agent_name, money, village_names
from experiments.app.graph.scene import Scene
from experiments.units import number
from experiments.words import name_of, say, sector
from model.partnerships import COUNTY, HOLDERS, VILLAGE


def joined(parts: list[str], lang: str) -> str:
    """Parts of a sentence, escaped for a title."""
    return escape(("，" if lang == "zh" else ", ").join(parts))


def counted(count: int, one: str, many: str, lang: str) -> str:
    """So many of a thing: "1 pool", "2 pools". one, many: texts with {count}."""
    return say(one if count == 1 else many, lang, count=count)


def a_year(value: float, lang: str) -> str:
    """A yearly sum of money in words. value: yuan/year."""
    return say("{sum} a year", lang, sum=money(value, lang))


def _moved_in(firms: int, lang: str) -> list[str]:
    return [counted(firms, "{count} firm moved in", "{count} firms moved in", lang)] if firms else []


def village_titles(scene: Scene) -> list[str]:
    """Of each village: its name, recurrent income, stakes, own floor where it has built, and firms that moved in."""
    lang, stakes = scene.lang, scene.frame.stakes
    names = village_names(scene.case, lang)
    mine = stakes.kind == VILLAGE
    pools = np.bincount(stakes.holder[mine], minlength=len(names)).tolist()
    paid = total_by(stakes.holder[mine], stakes.capital[mine], len(names)).tolist()
    floor, came = own_floor(scene).tolist(), own_arrivals(scene).tolist()
    texts = []
    for row, income in enumerate(scene.frame.column("Village", "recurrent_income").tolist()):
        parts = [a_year(income, lang)]
        if pools[row]:
            parts.append(_stakes(pools[row], paid[row], lang))
        if floor[row]:
            parts.append(say("{floor} m2 of its own", lang, floor=number(floor[row], 0)))
        texts.append(_named(names[row], parts + _moved_in(int(came[row]), lang), lang))
    return texts


def _stakes(pools: int, capital: float, lang: str) -> str:
    """In how many pools a holder has how many yuan."""
    text = "{sum} in {count} pool" if pools == 1 else "{sum} in {count} pools"
    return say(text, lang, count=pools, sum=money(capital, lang))


def _named(name: str, parts: list[str], lang: str) -> str:
    return f"{escape(name)}{'：' if lang == 'zh' else ': '}{joined(parts, lang)}"


def own_floor(scene: Scene) -> Array:
    """Floor of the buildings of villages that have built since the first year, m2, shape (villages,)."""
    village = scene.column("village")
    built = (village >= 0) & (scene.column("builds") > 0)
    return total_by(village[built], scene.column("floor")[built], len(scene.land.town))


def own_arrivals(scene: Scene) -> Array:
    """Firms that moved onto each village's own floor this year, shape (villages,)."""
    village = scene.column("village")
    return total_by(village[village >= 0], scene.came[village >= 0], len(scene.land.town))


def project_title(scene: Scene, row: int) -> str:
    """Of a project: its name, capital and holders, how much is let, who moved in, and what went wrong."""
    lang = scene.lang
    name = agent_name(scene.case, "Project", row, lang, scene.frame, scene.mechanisms)
    parts = []
    if scene.capital[row] > 0.0:
        holders = int((scene.frame.stakes.project == row).sum())
        parts += [money(float(scene.capital[row]), lang), counted(holders, "{count} holder", "{count} holders", lang)]
    floor, let = float(scene.column("floor")[row]), float(scene.column("let")[row])
    if floor > 0.0:
        parts.append(say("{floor} m2, {share}% let", lang, floor=number(floor, 0), share=round(100.0 * let / floor)))
    elif scene.column("under_construction")[row] > 0.0:
        parts.append(say("being built", lang))
    parts += _moved_in(int(scene.came[row]), lang)
    if scene.column("unpaid")[row] > 0.0:
        owed = money(float(scene.column("unpaid")[row]), lang)
        parts.append(say("{sum} of the promise unpaid", lang, sum=owed))
    if scene.column("failed")[row]:
        parts.append(say("business failed", lang))
    return _named(name, parts, lang)


def place_titles(scene: Scene) -> dict[str, str]:
    """Of counties and towns, by the names of their gaps: villages and their mean income, of counties the treasury."""
    lang, income = scene.lang, scene.frame.column("Village", "recurrent_income")
    cash, texts = scene.frame.column("County", "cash"), {}
    for gap, kind, of in (("c", "County", scene.land.village_county), ("t", "Town", scene.land.town)):
        rows = len(scene.case.counties if kind == "County" else scene.case.towns)
        counts = np.bincount(of, minlength=rows)
        means = total_by(of, income, rows) / np.maximum(counts, 1)
        for row, (count, mean) in enumerate(zip(counts.tolist(), means.tolist(), strict=True)):
            parts = [counted(count, "{count} village", "{count} villages", lang)]
            if count:
                parts.append(say("{sum} on average", lang, sum=a_year(mean, lang)))
            if kind == "County":
                parts.append(say("treasury {sum}", lang, sum=money(float(cash[row]), lang)))
                parts += _held(scene, COUNTY, row)
            texts[f"{gap}{row}"] = _named(agent_name(scene.case, kind, row, lang), parts, lang)
    return texts


def holder_title(scene: Scene, kind: int, row: int) -> str:
    """Of all households of a county, or of investors outside: what they hold in pools."""
    name = sector(HOLDERS[kind], name_of(scene.case.counties[row], scene.lang), scene.lang)
    return _named(name, _held(scene, kind, row), scene.lang)


def _held(scene: Scene, kind: int, row: int) -> list[str]:
    """What one holder has in pools, nothing where it has none."""
    stakes = scene.frame.stakes
    mine = (stakes.kind == kind) & (stakes.holder == row)
    return [_stakes(int(mine.sum()), float(stakes.capital[mine].sum()), scene.lang)] if mine.any() else []


def sentence(scene: Scene, label: str) -> str:
    """The picture in a sentence, escaped: the year, villages with stakes, projects and capital of all holders."""
    lang, stakes = scene.lang, scene.frame.stakes
    villages = len(np.unique(stakes.holder[stakes.kind == VILLAGE]))
    text = say(
        "{year}: {villages} villages hold stakes; {projects} pooled projects; {capital} paid in",
        lang,
        year=scene.frame.year,
        villages=villages,
        projects=len(scene.pools),
        capital=money(float(stakes.capital.sum()), lang),
    )
    return escape(f"{label}: {text}" if label else text)
