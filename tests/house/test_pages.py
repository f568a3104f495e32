"""The generated pages and the list of sources keep up with the declarations in the code."""

import re

import pytest

from agents.table import RowAgent
from experiments.pages import DEFAULT_CASE, ODD, PART, PARTS, markdown_table, pages, parts_of, renewed
from experiments.scenario import SCENARIOS
from model.cases import case_names, load_case
from model.flows import REASONS
from model.indicators import INDICATORS, RATIOS
from model.registry import mechanisms
from model.sources import load_sources, unknown_sources
from model.synthetic import load_distributions
from model.year import YEAR

KEY = re.compile(r"`([a-z_]+\.[a-z_]+)`")
NAMES = {
    "mechanisms": list(mechanisms()),
    "arms": [*SCENARIOS, "aid:ARM", "aid_net:ARM"],
    "indicators": [*INDICATORS, *RATIOS],
    "reasons": list(REASONS),
    "synthetic": [key.partition(".")[2] for key in load_distributions()],
    "sources": list(load_sources()),
}


@pytest.fixture(scope="module")
def page(root):
    return (root / ODD).read_text(encoding="utf-8")


def test_every_page_is_up_to_date(root):
    """Also what docs/validation.md tells of published tables, to the last figure."""
    for name, parts in pages(root).items():
        text = (root / name).read_text(encoding="utf-8")
        assert renewed(text, parts) == text, f"{name}: run 'feidi docs'"
        assert sorted(parts_of(text)) == sorted(parts), name
        assert text.count("<!-- generated:") == text.count("<!-- end -->") == len(parts), name


def test_a_stale_page_is_seen(page):
    assert renewed(page.replace("`remoteness`", "`distance`")) == page


def test_a_part_that_is_missing_twice_there_or_unknown_is_seen(page):
    assert "sources" not in parts_of(PART.sub("", page))
    assert parts_of(page + page).count("sources") == 2
    with pytest.raises(KeyError, match="weather"):
        renewed("<!-- generated: weather -->\n<!-- end -->")


def cells(table):
    """The cells of a table in Markdown, row by row, without its head."""
    return [row.removeprefix("| ").removesuffix(" |").split(" | ") for row in table.splitlines()[2:] if "|" in row]


@pytest.mark.parametrize("part", NAMES)
def test_a_table_has_a_row_for_everything_that_is_declared(part):
    assert [row[0].strip("*`") for row in cells(PARTS[part]())] == NAMES[part]


def test_every_kind_of_agent_and_every_column_stands_in_the_tables_of_agents():
    text = PARTS["agents"]()
    kinds = {kind.__name__: kind for kind in RowAgent.__subclasses__() if kind.__module__.startswith("agents.")}
    assert set(kinds) == set(re.findall(r"\*\*(\w+)\.\*\*", text))
    assert text.count("\n| `") == sum(len(kind.columns()) for kind in kinds.values())


def figures():
    """The rows of the table of county figures."""
    return cells(PARTS["county_figures"]().split("\n\n")[0])


def test_every_parameter_stands_in_one_of_two_tables():
    case = load_case(DEFAULT_CASE)
    slugs = [county.slug for county in case.counties]
    general = [key for key in case.parameters if key.partition(".")[0] not in slugs]
    assert KEY.findall(PARTS["parameters"]()) == general
    own = [key.partition(".")[2] for key in case.parameters if key.startswith(f"{slugs[0]}.")]
    assert [row[0].strip("`") for row in figures()] == own
    assert {len(row) for row in figures()} == {4 + len(slugs)}
    assert len(general) + len(own) * len(slugs) == len(case.parameters)


def test_the_text_names_no_parameter_that_does_not_exist(page):
    spans = re.findall(r"`([^`]+)`", PART.sub("", page))
    named = [key for span in spans for key in re.findall(r"\b[a-z_]+\.[a-z_]+\b", span)]
    assert len(named) > 100
    assert [key for key in named if key not in load_case(DEFAULT_CASE).parameters] == []


def test_every_phase_is_described(page):
    headings = " ".join(line for line in page.splitlines() if line.startswith("### "))
    assert [phase.__name__ for phase in YEAR if f"`{phase.__name__}`" not in headings] == []


def test_bars_in_cells_are_escaped():
    assert markdown_table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |"


def test_large_numbers_are_written_out():
    values = [row[1] for row in cells(PARTS["parameters"]())] + ["".join(row[4:]) for row in figures()]
    assert "10,000,000,000" in "".join(values)
    assert [value for value in values if re.search(r"\de[+-]?\d", value)] == []


@pytest.mark.parametrize("name", case_names())
def test_every_source_key_is_explained(name):
    parameters = load_case(name).parameters
    assert unknown_sources(parameters.declared(key).source for key in parameters) == []


def test_an_unexplained_source_is_seen():
    assert unknown_sources(["ZZZ9: something", "case: a figure"]) == ["ZZZ9"]
    assert "case" in load_sources()
