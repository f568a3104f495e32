"""The parts of ``docs/`` that are made from the declarations in the code: agents, the year, mechanisms, parameters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.mechanism import Mechanism

ODD = Path("docs") / "ODD.md"
DEFAULT_CASE = "pinghu"


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; bars in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def agents() -> str:
    """State variables of every kind of agent."""
    from agents.county import County
    from agents.enterprise import Enterprise
    from agents.household import Household
    from agents.outside import Outside
    from agents.place import Place
    from agents.project import Project
    from agents.town import Town
    from agents.village import Village

    blocks = []
    for kind in (County, Town, Village, Household, Enterprise, Place, Project, Outside):
        rows = [[f"`{one.name}`", one.kind, one.unit, one.meaning] for one in kind.columns().values()]
        summary = inspect.cleandoc(kind.__doc__ or "").splitlines()[0]
        blocks.append(
            f"**{kind.__name__}.** {summary}\n\n{markdown_table(['variable', 'kind', 'unit', 'meaning'], rows)}"
        )
    return "\n\n".join(blocks)


def year() -> str:
    """The phases of a year in their order."""
    from model.year import YEAR

    lines = [(phase.__name__, inspect.cleandoc(phase.__doc__ or "").splitlines()[0]) for phase in YEAR]
    return "\n".join(f"{number}. `{name}`: {what}" for number, (name, what) in enumerate(lines, start=1))


def mechanisms() -> str:
    """The choices of every mechanism."""
    from model.registry import mechanisms as all_mechanisms

    head = ["name", "version", "what it is", "since", "where", "who puts in capital", "contract", "public money"]
    return markdown_table(head, [_mechanism_row(one) for one in all_mechanisms().values()])


def _mechanism_row(one: Mechanism) -> list[str]:
    from model.mechanism import PLACES

    supports = [word for word in ("compensation", "grant", "interest_subsidy", "relief") if getattr(one, word)]
    business = f"; customers of its own (`{one.business}`)" if one.business else ""
    rotates = "; members rotate" if one.membership else ""
    return [
        f"`{one.name}`",
        one.version,
        f"{one.title} {one.title_zh}",
        str(one.since),
        PLACES[one.where] + business,
        _first_line(type(one.capital)) + rotates,
        type(one.contract).__name__ + (f", guaranteed, rank {one.rank}" if one.guaranteed else ""),
        ", ".join(supports).replace("_", " ") or "none",
    ]


def _first_line(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "").splitlines()[0]


def reasons() -> str:
    """Every reason for which something moves, and what it counts as."""
    from model.flows import REASONS

    marks = {"outlay": "outlay", "returns": "returns"}
    rows = [
        [one.name, one.nature, one.purpose, " ".join(word for word in marks if getattr(one, word))]
        for one in REASONS.values()
    ]
    return markdown_table(["reason", "nature", "purpose of a transfer", "public"], rows)


def parameters() -> str:
    """Every parameter of the Pinghu case."""
    from model.cases import load_case

    case = load_case(DEFAULT_CASE)
    rows = []
    for key in case.parameters:
        one = case.parameters.declared(key)
        value = one.plain_value
        if isinstance(value, dict):
            shown = ", ".join(f"{at}: {_figure(figure)}" for at, figure in value.items())
        else:
            shown = _figure(value)
        span = f"{_figure(one.range[0])} to {_figure(one.range[1])}" if one.range else ""
        rows.append([f"`{key}`", shown, one.unit, span, one.role, one.status, one.meaning, one.source])
    return markdown_table(["key", "value", "unit", "range", "role", "status", "meaning", "source"], rows)


def sources() -> str:
    """What the source keys of parameters stand for."""
    from model.sources import load_sources

    return markdown_table(["key", "source"], [[key, text] for key, text in load_sources().items()])


def _figure(value: float) -> str:
    """A number as people write it, with thousands separators and no exponent."""
    return f"{value:,.10g}"


def renewed(text: str) -> str:
    """A page with all its generated parts made anew."""
    made = (agents, year, mechanisms, reasons, parameters, sources)
    parts = {make.__name__: make for make in made}

    def fill(match: re.Match[str]) -> str:
        return f"<!-- generated: {match[1]} -->\n{parts[match[1]]()}\n<!-- end -->"

    return re.sub(r"<!-- generated: (\w+) -->\n.*?<!-- end -->", fill, text, flags=re.DOTALL)


def renew(root: Path) -> bool:
    """Write the pages under a project's root anew. Returns whether anything changed."""
    page = root / ODD
    before = page.read_text(encoding="utf-8")
    after = renewed(before)
    page.write_text(after, encoding="utf-8")
    return before != after
