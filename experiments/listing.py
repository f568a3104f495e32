"""What ``feidi list`` prints."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping

from experiments.scenario import AIDED, SCENARIOS
from experiments.units import text_table

INDENT = 4
WIDTH = 110


def scenarios(case: str) -> str:
    """All scenarios: the arms that can be run and compared."""
    rows = [[one.name, f"{one.title} ({one.title_zh})"] for one in SCENARIOS.values()]
    table = text_table(["Scenario", "What it is"], rows, left=2)
    arms = ", ".join(dict.fromkeys(AIDED.values()))
    aid = [
        "aid:ARM: solo and cash to those whom ARM reaches, in every year as much as its public outlay in the run of "
        "the same seed (输血). aid alone is aid:pooling.",
        "aid_net:ARM: the same less the land sales, local taxes and surpluses that ARM brings the paying county "
        "more than solo does.",
        f"ARM is one of {arms}.",
        "NAME+NAME: an arm of any mechanisms, each open in some years only where they stand behind it, as in "
        "solo+enclave@2015 or solo+enclave@-2014.",
        "ARM[KEY=VALUE;KEY=2006:VALUE,2015:VALUE]: any arm with parameters of its own, levers by year too.",
    ]
    return "\n".join([table, "", *(textwrap.fill(line, WIDTH, subsequent_indent=" " * INDENT) for line in aid)])


def mechanisms(case: str) -> str:
    """All mechanisms, by version."""
    from model.registry import mechanisms as all_mechanisms

    found = all_mechanisms().values()
    rows = [[one.name, one.version, str(one.since), f"{one.title} ({one.title_zh})"] for one in found]
    return text_table(["Mechanism", "Version", "Since", "What it is"], rows, left=4)


def indicators(case: str) -> str:
    """All indicators and ratios; the primary ones are marked."""
    from model.indicators import INDICATORS, RATIOS, Indicator, Ratio

    blocks = ["Primary outcomes are marked *; ratios compare two arms and have no value in one."]
    outcomes: list[Indicator | Ratio] = [*INDICATORS.values(), *RATIOS.values()]
    for one in outcomes:
        mark = "*" if one.primary else " "
        blocks.append(f"{mark} {one.name} [{one.unit}] {one.title} ({one.title_zh})\n{_indented(one.meaning)}")
    return "\n".join(blocks)


def parameters(case: str) -> str:
    """All parameters as the case has them: value, unit, range, role, status, meaning and source."""
    from model.cases import load_case

    loaded = load_case(case)
    blocks = [f"{len(loaded.parameters)} parameters of the case {loaded.name}. Change one with --set KEY=VALUE."]
    for key in loaded.parameters:
        one = loaded.parameters.declared(key)
        spread = f", range {_value(one.range[0])} to {_value(one.range[1])}" if one.range else ""
        facts = textwrap.fill(
            f"{key} = {_value(one.plain_value)} [{one.unit}] {one.role}, {one.status}{spread}",
            WIDTH,
            subsequent_indent=" " * INDENT,
        )
        text = f"{one.meaning}. Limits {_value(one.limits[0])} to {_value(one.limits[1])}."
        text += " One number for all years." if one.from_start else ""
        source = f" Source: {one.source}." if one.source else ""
        blocks.append(f"{facts}\n{_indented(text + source)}")
    return "\n".join(blocks)


def cases(case: str) -> str:
    """All cases with their size and years."""
    from model.cases import case_names, load_case

    rows = []
    for name in case_names():
        one = load_case(name)
        years = f"{one.first_year} to {one.last_year}"
        rows.append([name, f"{one.n_villages:,}", f"{one.n_households:,}", years, f"{one.title} ({one.title_zh})"])
    return text_table(["Case", "Villages", "Households", "Years", "What it is"], rows, left=5)


def studies(case: str) -> str:
    """The ready studies, with their questions."""
    from experiments.batches.command import studies as ready
    from experiments.design_file import parse_experiment

    found = {name: parse_experiment(text, name) for name, text in ready().items()}
    head = "Ready studies. 'feidi check NAME' explains one, 'feidi batch NAME' runs it."
    blocks = [f"{name}: {one.title}\n{_indented(one.question)}" for name, one in found.items()]
    return "\n".join([head, *blocks])


def _indented(text: str) -> str:
    """Wrapped text under a heading line."""
    margin = " " * INDENT
    return textwrap.fill(text, WIDTH, initial_indent=margin, subsequent_indent=margin)


def _value(value: float | Mapping[int, float]) -> str:
    """A value, or a value a year."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{year}: {one:,.15g}" for year, one in value.items()) + "}"
    return f"{value:,.15g}"


LISTS: Mapping[str, Callable[[str], str]] = {
    "scenarios": scenarios,
    "mechanisms": mechanisms,
    "parameters": parameters,
    "indicators": indicators,
    "cases": cases,
    "studies": studies,
}
