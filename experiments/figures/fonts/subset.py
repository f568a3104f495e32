"""Make FeidiSansSC-Regular.otf again: ``python -m experiments.figures.fonts.subset NotoSansCJK-Regular.ttc``.

Noto Sans CJK SC Regular, under the SIL Open Font License 1.1 (OFL.txt), cut down to Latin letters, signs and the 6,763
Chinese characters of GB/T 2312. The licence's reserved font names: Noto has none; the family has a name of its own all
the same, so that an installed Noto is not taken for it. README.md says where the original comes from.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

FAMILY = "Feidi Sans SC"
FILE = "FeidiSansSC-Regular.otf"
ORIGINAL = "Noto Sans CJK SC"
HAN_ROWS, SIGN_ROWS = range(0xB0, 0xF8), (0xA1, 0xA2, 0xA3, 0xA6)  # of GB/T 2312; signs: without kana and Cyrillic
LATIN = (*range(0x20, 0x7F), *range(0xA0, 0x100))
# Dashes and quotes, arrows, signs of mathematics, shapes; whatever else there is matplotlib's own font has.
SIGNS = (*range(0x2010, 0x2028), *range(0x2030, 0x203C), *range(0x2190, 0x2194), *range(0x2200, 0x2266))
SHAPES = tuple(range(0x25A0, 0x25D0))
NOT_USED = ["BASE", "GSUB", "VORG", "vhea", "vmtx"]  # tables for vertical text and for variants of glyphs


def code_points() -> set[int]:
    """The characters that are wanted; those that the original lacks are left out of the subset."""
    pairs = ((row, cell) for row in (*HAN_ROWS, *SIGN_ROWS) for cell in range(0xA1, 0xFF))
    chinese = "".join(bytes(pair).decode("gb2312", errors="ignore") for pair in pairs)
    return {*map(ord, chinese), *LATIN, *SIGNS, *SHAPES}


def make_subset(collection: Path, target: Path) -> None:
    """Cut the original down, give it its name, and write it. collection: NotoSansCJK-Regular.ttc.

    Raises ValueError when the collection has no face of the name.
    """
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTCollection  # type: ignore[import-untyped]

    faces = TTCollection(collection, lazy=True).fonts
    face = next((one for one in faces if one["name"].getDebugName(1) == ORIGINAL), None)
    if face is None:
        raise ValueError(f"{collection.name} has no face {ORIGINAL!r}: give NotoSansCJK-Regular.ttc.")
    options = Options()
    options.layout_features = ["kern"]
    options.drop_tables += NOT_USED
    options.hinting = False  # matplotlib hints by itself
    options.name_IDs = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(code_points()))
    subsetter.subset(face)
    _rename(face)
    face.recalcTimestamp = False  # same original, same bytes
    face.save(target)


def _rename(face: Any) -> None:
    """Give the face its own family name, in the table of names and in the outlines."""
    postscript = FILE.removesuffix(".otf")
    named = {1: FAMILY, 3: f"{postscript}, subset of {ORIGINAL}", 4: FAMILY, 6: postscript}
    for record in face["name"].names:
        if record.nameID in named:
            record.string = named[record.nameID]
    outlines = face["CFF "].cff
    outlines.fontNames[0] = postscript
    outlines[0].FamilyName = outlines[0].FullName = FAMILY


if __name__ == "__main__":
    make_subset(Path(sys.argv[1]), Path(__file__).with_name(FILE))
