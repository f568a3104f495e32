"""How the marks of the graph look, as rules of CSS. Lengths are in units of the drawing."""

from __future__ import annotations

from functools import cache

from experiments.app.graph.colours import WIDTHS, ramp

STYLE = """
.fg{width:100%;height:auto;display:block;font-family:system-ui,"Noto Sans CJK SC","Noto Sans SC",sans-serif}
.fg text{text-anchor:middle;pointer-events:none}
.fg [data-key]{cursor:pointer}
.fg .e.a{stroke:#dedbd2;stroke-width:83}.fg .a{fill:#f3f2ee;stroke:#f3f2ee;stroke-width:75;stroke-linejoin:round}
.fg .tie{stroke:#dcdad3;stroke-width:2.5;fill:none;pointer-events:none}
.fg .c{font-size:60px;font-weight:600;fill:#333}
.fg .t{font-size:42px;fill:#666;paint-order:stroke;stroke:#f7f6f3;stroke-width:11;stroke-linejoin:round}
.fg .z{text-anchor:end}.fg .tm{fill:#8d8a82}
.fg .zone{fill:#fff;stroke:#c9c6bd;stroke-width:3;stroke-dasharray:10 8}
.fg .b{pointer-events:none;fill:#ffc83d;stroke:#fff;stroke-width:4}
.fg .n{font-size:29px;font-weight:600;fill:#222}.fg .s{font-size:24px}
.fg .l{fill:none;stroke-opacity:.42;pointer-events:none;stroke-linecap:round}
.fg .ms circle{stroke:#8b887f;stroke-width:2.5}
.fg .ms .h{stroke:#161616;stroke-width:7}.fg .ms .hs{stroke:#161616;stroke-width:4}
.fg .own{fill:#cdbb92;stroke:#8a744a;stroke-width:3}
.fg .ms .halo{stroke:none;fill:#ffc83d;fill-opacity:.6}
.fg .p{fill:#fff;stroke-width:6}
.fg .site{stroke-dasharray:13 8}
.fg .owed{fill:none;stroke:#d7191c;stroke-width:13}
.fg .failed{stroke:#111;stroke-width:8;fill:none}
.fg .td{fill:#c9c6bd}.fg path.o{pointer-events:none}.fg .o{fill:#4a4a4a;stroke:#fff;stroke-width:4}
.fg .ring{fill:none;stroke:#111;stroke-width:7}
.fg.pick .ms>:not(.on),.fg.pick .zb{opacity:.22}
.fg.pick .l{stroke-opacity:.07}.fg.pick .l.on{stroke-opacity:.9}
@media(max-width:900px){.fg .c{font-size:75px}.fg .t{font-size:54px}.fg .n{font-size:33px}.fg .s{font-size:27px}}
"""


@cache
def style() -> str:
    """All rules; each is for what is inside an element of class ``fg`` alone."""
    widths = "".join(f".fg .w{number}{{stroke-width:{width}}}" for number, width in enumerate(WIDTHS))
    shades = "".join(f".fg .i{number}{{fill:{colour}}}" for number, colour in enumerate(ramp()))
    return STYLE.replace("\n", "") + widths + shades
