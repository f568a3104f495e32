"""The charts of the page: pure functions from numbers and translated texts to one ``<svg>`` string each.

Numbers come in natural units with the scale in which they are shown; texts come in the reader's language. A chart is
360 units wide and as high as it needs, fills the width of what it stands in, and brings tooltips and a description.
"""

from experiments.app.charts.curve import Curve
from experiments.app.charts.lines import paths
from experiments.app.charts.palette import PALETTE
from experiments.app.charts.ranks import parade
from experiments.app.charts.rows import bars
from experiments.app.charts.shares import lorenz
from experiments.app.charts.stacks import stacked

__all__ = ["PALETTE", "Curve", "bars", "lorenz", "parade", "paths", "stacked"]
