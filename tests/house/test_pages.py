"""The generated pages and the list of sources keep up with the declarations in the code."""

import pytest

from experiments.pages import ODD, markdown_table, renewed
from model.cases import case_names, load_case
from model.sources import load_sources, unknown_sources


def test_the_odd_page_is_up_to_date(root):
    page = (root / ODD).read_text(encoding="utf-8")
    assert renewed(page) == page, "run 'feidi docs'"


def test_a_stale_page_is_seen(root):
    page = (root / ODD).read_text(encoding="utf-8")
    assert renewed(page.replace("`remoteness`", "`distance`")) == page


def test_bars_in_cells_are_escaped():
    assert markdown_table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |"


@pytest.mark.parametrize("name", case_names())
def test_every_source_key_is_explained(name):
    parameters = load_case(name).parameters
    assert unknown_sources(parameters.declared(key).source for key in parameters) == []


def test_an_unexplained_source_is_seen():
    assert unknown_sources(["ZZZ9: something", "case: a figure"]) == ["ZZZ9"]
    assert "case" in load_sources()
