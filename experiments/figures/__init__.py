"""Figures of a study, as PNG and SVG. Same tables, same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib.figure import Figure

from experiments.figures.effects import effect_paths, effects_at_the_end, levels, turning, village_incomes, who_paid
from experiments.figures.gains import sankey, waterfall
from experiments.figures.theme import theme
from experiments.study import Study

DPI = 150
FIGURES: Mapping[str, Callable[[Study], Figure | None]] = {
    "effect_paths": effect_paths,
    "effects": effects_at_the_end,
    "levels": levels,
    "village_incomes": village_incomes,
    "waterfall": waterfall,
    "sankey": sankey,
    "who_paid": who_paid,
    "turning_points": turning,
}


def write_figures(study: Study, folder: Path) -> list[str]:
    """Draw every figure that the study has the tables for; the names of the files without their endings."""
    folder.mkdir()
    names = []
    with theme():
        for name, draw in FIGURES.items():
            figure = draw(study)
            if figure is not None:
                save(figure, folder / name)
                names.append(name)
    return names


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG and SVG, with nothing in them that changes from run to run. path: without ending."""
    figure.savefig(path.with_name(f"{path.name}.png"), dpi=DPI, metadata={"Software": None})
    figure.set_layout_engine("none")  # what was laid out once need not be laid out again
    figure.savefig(path.with_name(f"{path.name}.svg"), metadata={"Date": None, "Creator": "feidi"})
