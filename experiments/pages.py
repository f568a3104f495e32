"""The parts of ``docs/`` that are made from the declarations in the code, and every page that has generated parts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.cases import Case
    from model.mechanism import Mechanism
    from model.parameters import Parameter

ODD = Path("docs") / "ODD.md"
DEFAULT_CASE = "pinghu"
PART = re.compile(r"<!-- generated: (\w+) -->\n.*?<!-- end -->", re.DOTALL)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; bars in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def counties() -> str:
    """The counties of the Pinghu case, how many live there, and how they are paired."""
    case = _case()
    rows = []
    for county in case.counties:
        towns = [town for town in case.towns if town.county == county.name]
        rural, in_towns = sum(sum(town.households) for town in towns), sum(town.town_households for town in towns)
        counts = (len(towns), sum(len(town.households) for town in towns), rural, in_towns)
        rows.append([f"{county.name} {county.name_zh}", *(f"{count:,}" for count in counts)])
    head = ["county", "towns or groups", "villages", "rural households", "households of towns"]
    pairs = [[f"`{one.kind}`", one.host, one.partner, str(one.since), one.source] for one in case.pairs]
    paired = markdown_table(["pair", "host", "partner", "since", "source"], pairs)
    return f"{markdown_table(head, rows)}\n\n{paired}\n\nThe layout is {case.layout_source}."


def agents() -> str:
    """State variables of every kind of agent."""
    from agents.county import County
    from agents.enterprise import Enterprise
    from agents.household import Household
    from agents.landlord import Landlord
    from agents.outside import Outside
    from agents.place import Place
    from agents.project import Project
    from agents.share import Share
    from agents.town import Town
    from agents.village import Village

    blocks = []
    for kind in (County, Town, Village, Household, Share, Enterprise, Landlord, Place, Project, Outside):
        rows = [[f"`{one.name}`", one.kind, one.unit, one.meaning] for one in kind.columns().values()]
        table = markdown_table(["variable", "kind", "unit", "meaning"], rows)
        blocks.append(f"**{kind.__name__}.** {_first_line(kind)}\n\n{table}")
    return "\n\n".join(blocks)


def year() -> str:
    """The phases of a year in their order."""
    from model.year import YEAR

    return "\n".join(f"{number}. `{one.__name__}`: {_first_line(one)}" for number, one in enumerate(YEAR, start=1))


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


def _first_line(what: object) -> str:
    return inspect.cleandoc(what.__doc__ or "").splitlines()[0]


def arms() -> str:
    """The arms of experiments; those of aid as two rows."""
    from experiments.scenario import AID, AIDED, NET_AID, SCENARIOS, aid_arm
    from model.parameters import spelled

    rows = []
    for one in SCENARIOS.values():
        changed = "".join(f"; {key} = {spelled(value).removesuffix('.0')}" for key, value in one.changes.items())
        rows.append([f"`{one.name}`", one.title, ", ".join(f"`{name}`" for name in one.mechanisms) + changed])
    for kind in (AID, NET_AID):
        names = [f"`{name}`" for name in dict.fromkeys(AIDED.values())]
        one = aid_arm(SCENARIOS["enclave"], net=kind == NET_AID)
        title = one.title.replace("enclave", "ARM")
        rows.append([f"`{kind}:ARM`", f"{title}; ARM is one of {', '.join(names)}", "`solo`"])
    return markdown_table(["arm", "what it is", "mechanisms"], rows)


def indicators() -> str:
    """Every outcome, the primary ones in bold."""
    from model.indicators import INDICATORS, RATIOS, Indicator, Ratio

    outcomes: list[Indicator | Ratio] = [*INDICATORS.values(), *RATIOS.values()]
    rows = [
        [f"**`{one.name}`**" if one.primary else f"`{one.name}`", one.title, one.unit, one.better, one.meaning]
        for one in outcomes
    ]
    return markdown_table(["name", "title", "unit", "better", "meaning"], rows)


def reasons() -> str:
    """Every reason for which something moves, and what it counts as."""
    from model.flows import REASONS

    marks = {"outlay": "outlay", "returns": "returns"}
    rows = [
        [one.name, one.nature, one.purpose, " ".join(word for word in marks if getattr(one, word))]
        for one in REASONS.values()
    ]
    return markdown_table(["reason", "nature", "purpose of a transfer", "public"], rows)


def county_figures() -> str:
    """What the case says of each county: one row a figure, one column a county, and where a figure comes from."""
    case = _case()
    slugs = {county.name: county.slug for county in case.counties}
    names = [key.partition(".")[2] for key in case.parameters if key.startswith(f"{case.counties[0].slug}.")]
    rows, origins = [], []
    for name in names:
        given = {county: case.parameters.declared(f"{slug}.{name}") for county, slug in slugs.items()}
        first = next(iter(given.values()))
        rows.append([f"`{name}`", first.meaning, first.unit, first.role, *(_value(one) for one in given.values())])
        told = [(county, one) for county, one in given.items() if one.source or one.status != "assumed"]
        origins += [[f"`{name}`", county, one.status, one.source] for county, one in told]
    table = markdown_table(["figure", "meaning", "unit", "role", *slugs], rows)
    evidence = markdown_table(["figure", "county", "status", "source"], origins)
    return f"{table}\n\nAll of them are assumed but these, or come with a word on where they are from:\n\n{evidence}"


def parameters() -> str:
    """The parameters of the Pinghu case that are not figures of one county: a table a topic."""
    topics: dict[str, list[Parameter]] = {}
    case = _case()
    slugs = {county.slug for county in case.counties}
    for key in case.parameters:
        topic = key.partition(".")[0]
        if topic not in slugs:
            topics.setdefault(topic, []).append(case.parameters.declared(key))
    head = ["key", "value", "unit", "role", "status", "meaning", "source"]
    tables = []
    for topic, declared in topics.items():
        rows = [
            [f"`{one.key}`", _value(one), one.unit, one.role, one.status, one.meaning, one.source] for one in declared
        ]
        tables.append(f"**{topic.replace('_', ' ').capitalize()}**\n\n{markdown_table(head, rows)}")
    return "\n\n".join(tables)


def synthetic() -> str:
    """What synthetic cases are drawn from."""
    from model.synthetic import load_distributions

    drawn = load_distributions()
    declared = [drawn.declared(key) for key in drawn]
    rows = [
        [f"`{one.key.partition('.')[2]}`", _value(one), one.unit, one.status, one.meaning, one.source]
        for one in declared
    ]
    return markdown_table(["name", "value", "unit", "status", "meaning", "source"], rows)


def sources() -> str:
    """What the source keys of parameters stand for."""
    from model.sources import load_sources

    return markdown_table(["key", "source"], [[key, text] for key, text in load_sources().items()])


def _case() -> Case:
    from model.cases import load_case

    return load_case(DEFAULT_CASE)


def _value(one: Parameter) -> str:
    """A value, or a value a year, and the range that studies sample."""
    value = one.plain_value
    if isinstance(value, dict):
        path = "" if one.between == "step" else f", {one.between} between"
        shown = ", ".join(f"{at}: {_figure(figure)}" for at, figure in value.items()) + path
        if len(set(value.values())) == 1:
            shown = _figure(next(iter(value.values())))
    else:
        shown = _figure(value)
    if one.range is None or one.range[0] == one.range[1]:
        return shown
    return f"{shown} ({_figure(one.range[0])} to {_figure(one.range[1])})"


def _figure(value: float) -> str:
    """A number as people write it, with thousands separators and no exponent."""
    return f"{value:,.12g}"


MADE = (
    counties,
    agents,
    year,
    mechanisms,
    arms,
    indicators,
    reasons,
    county_figures,
    parameters,
    synthetic,
    sources,
)
PARTS: Mapping[str, Callable[[], str]] = {make.__name__: make for make in MADE}


def parts_of(text: str) -> list[str]:
    """The names of a page's generated parts, in their order."""
    return PART.findall(text)


def pages(root: Path) -> dict[Path, Mapping[str, Callable[[], str]]]:
    """Each page with generated parts, and what makes them. root: of a project, in which published tables lie."""
    from experiments import readme
    from experiments.validation import page

    readmes = {name: readme.parts(root, lang) for name, lang in readme.PAGES.items()}
    return {ODD: PARTS, page.PAGE: page.parts(root), **readmes}


def renewed(text: str, parts: Mapping[str, Callable[[], str]] = PARTS) -> str:
    """A page with all its generated parts made anew. Raises KeyError for a part that nothing makes."""

    def fill(match: re.Match[str]) -> str:
        return f"<!-- generated: {match[1]} -->\n{parts[match[1]]()}\n<!-- end -->"

    return PART.sub(fill, text)


def renew(root: Path) -> list[Path]:
    """Write the pages under a project's root anew, all or none. Returns those in which anything changed.

    Raises FileNotFoundError for a published table that is not there.
    """
    changed = {}
    for page, parts in pages(root).items():
        before = (root / page).read_text(encoding="utf-8")
        after = renewed(before, parts)
        if after != before:
            changed[page] = after
    for page, text in changed.items():
        (root / page).write_text(text, encoding="utf-8")
    return list(changed)
