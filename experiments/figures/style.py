"""What figures look like before a word is said: the style "whitegrid", the context "paper" and the colours of seaborn.

They are seaborn's own figures, written down so that drawing does not load seaborn, which loads all of scipy.stats and
takes longer than a run; a test holds them to what seaborn says. Lengths are in points (1/72 inch).
"""

from __future__ import annotations

from typing import Any

# Colours that the colour-blind can tell apart: seaborn's palette "colorblind".
COLOURS = (
    *("#0173b2", "#de8f05", "#029e73", "#d55e00", "#cc78bc"),
    *("#ca9161", "#fbafe4", "#949494", "#ece133", "#56b4e9"),
)
# All of the style but its letters and its colours of images, which figures set themselves.
WHITEGRID: dict[Any, Any] = {
    **dict.fromkeys(("figure.facecolor", "axes.facecolor"), "white"),
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), ".15"),
    **dict.fromkeys(("axes.edgecolor", "grid.color"), ".8"),
    **dict.fromkeys(("xtick.direction", "ytick.direction"), "out"),
    **dict.fromkeys((f"axes.spines.{side}" for side in ("left", "bottom", "right", "top")), True),
    **dict.fromkeys(("xtick.top", "xtick.bottom", "ytick.left", "ytick.right"), False),
    **dict.fromkeys(("axes.axisbelow", "axes.grid", "patch.force_edgecolor"), True),
    "grid.linestyle": "-",
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "w",
}
# Sizes of the context, points: four fifths of those of seaborn's "notebook".
PAPER: dict[Any, Any] = {
    **dict.fromkeys(("axes.linewidth", "xtick.major.width", "ytick.major.width"), 1.0),
    **dict.fromkeys(("grid.linewidth", "patch.linewidth", "xtick.minor.width", "ytick.minor.width"), 0.8),
    **dict.fromkeys(("lines.markersize", "xtick.major.size", "ytick.major.size"), 4.8),
    **dict.fromkeys(("xtick.minor.size", "ytick.minor.size"), 3.2),
    **dict.fromkeys(("font.size", "axes.labelsize", "axes.titlesize", "legend.title_fontsize"), 9.6),
    **dict.fromkeys(("xtick.labelsize", "ytick.labelsize", "legend.fontsize"), 8.8),
    "lines.linewidth": 1.2,
}
