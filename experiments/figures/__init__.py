"""Figures of a study, as PNG and SVG, with English or Chinese words. Same tables, same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from experiments.figures.effects import effect_paths, effects_at_the_end, levels, turning, who_paid
from experiments.figures.gains import waterfall
from experiments.figures.graph import partnership_graph
from experiments.figures.look import Look
from experiments.figures.sankey import sankey
from experiments.figures.theme import theme
from experiments.figures.villages import growth_incidence_curves, lorenz, village_incomes, winners_and_losers
from experiments.study import Study

DPI = 150


def stakes_over_the_years(study: Study, look: Look) -> Figure | None:
    """The partnership graph by year, of the first seed of the arm with the most stakes."""
    return partnership_graph(study, study.stakes, look)


FIGURES: Mapping[str, Callable[[Study, Look], Figure | None]] = {
    "effect_paths": effect_paths,
    "effects": effects_at_the_end,
    "levels": levels,
    "village_incomes": village_incomes,
    "lorenz": lorenz,
    "growth_incidence": growth_incidence_curves,
    "winners_and_losers": winners_and_losers,
    "waterfall": waterfall,
    "sankey": sankey,
    "partnership_graph": stakes_over_the_years,
    "who_paid": who_paid,
    "turning_points": turning,
}


def write_figures(study: Study, folder: Path, lang: str = "en") -> list[str]:
    """Draw every figure that the study has the tables for; the names of the files without their endings.

    lang: "en", or "zh" for Chinese words, units and letters. Raises words.WordError for another language.
    """
    look = Look(lang)
    folder.mkdir()
    names = []
    with theme(look):
        for name, draw in FIGURES.items():
            figure = draw(study, look)
            if figure is not None:
                save(figure, folder / name)
                names.append(name)
    return names


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG and SVG, with nothing in them that changes from run to run. path: without ending."""
    figure.set_dpi(DPI)
    if (layout := figure.get_layout_engine()) is not None:
        layout.execute(figure)
    figure.set_layout_engine("none")  # laid out once and for both
    # By the canvases and not by savefig, which draws everything twice for each file.
    png: Any = FigureCanvasAgg(figure)
    png.print_png(path.with_name(f"{path.name}.png"), metadata={"Software": None})
    svg: Any = FigureCanvasSVG(figure)
    svg.print_svg(path.with_name(f"{path.name}.svg"), metadata={"Date": None, "Creator": "feidi"})
