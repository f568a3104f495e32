"""The picture of a year as one SVG text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from experiments.app.frame import Frame
from experiments.app.graph.backdrop import backdrop
from experiments.app.graph.land import Land
from experiments.app.graph.lines import stake_lines
from experiments.app.graph.marks import holder_marks, pool_marks, village_marks, zone_marks
from experiments.app.graph.scene import Scene, scene_of
from experiments.app.graph.style import style
from experiments.app.graph.titles import place_titles, sentence
from model.mechanism import Mechanism


def graph_svg(
    land: Land,
    frame: Frame,
    before: Frame,
    *,
    mechanisms: Sequence[Mechanism],
    lang: str,
    limits: tuple[float, float],
    selected: str = "",
    label: str = "",
) -> str:
    """The partnership graph of a world in a year: one ``<svg>`` that fills the width it is given.

    before: the frame of the year before, or the same frame in the first year; mechanisms: the model's, in order;
    limits: of the scale of village incomes, yuan/year, the same for all pictures that are compared; selected: key of
    what is picked out, as ``data-key`` has it, or ``Household-12``, whose village it is then; label: the world's name
    for those who hear the picture.
    """
    scene = scene_of(land, frame, before, mechanisms=mechanisms, lang=lang, selected=selected)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fg{" pick" if scene.focus else ""}" '
        f'viewBox="0 0 {land.width} {land.height}" role="img" aria-label="{sentence(scene, label)}" '
        f'data-graph="{escape(label)}" data-year="{frame.year}"><style>{style()}</style>{_layers(scene, limits)}</svg>'
    )


def _layers(scene: Scene, limits: tuple[float, float]) -> str:
    """All marks, from the ground up."""
    areas, names = backdrop(scene.land, scene.lang)
    titles = place_titles(scene)
    grounds, badges = zone_marks(scene)
    layers = (
        areas.format_map(titles),
        grounds,
        stake_lines(scene),
        village_marks(scene, limits),
        holder_marks(scene),
        names.format_map(titles),
        badges,
        pool_marks(scene),
        _ring(scene),
    )
    return "".join(layers)


def _ring(scene: Scene) -> str:
    """A ring round what is picked out."""
    return '<circle class="ring" cx="{}" cy="{}" r="65"/>'.format(*scene.focus.at) if scene.focus else ""
