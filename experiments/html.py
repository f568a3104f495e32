"""A results folder as one HTML page that opens offline: report, figures, tables, manifest and command."""

from __future__ import annotations

import base64
import json
import re
import shlex
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from experiments.store import MANIFEST, PAGE, StoreError

WORDS = ("Results", "Figures", "Tables", "Manifest", "Made by", "versions, commit, parameters, seeds, machine")
MOST_ROWS = 200  # of a table on the page: longer ones are in the folder
TABLES = (
    "expected",
    "effects_by_point",
    "effects",
    "shapley",
    "interactions",
    "inequality",
    "uncertainty",
    "sobol",
    "morris",
    "points",
    "of_each_yuan",
    "boundaries",
    "who_pays",
    "who_paid",
    "turning_points",
    "failed",
)


RULE = re.compile(r"^-[- ]*-$|^-+$", re.MULTILINE)  # under the head of a table


class Block(NamedTuple):
    """A part of a section's text. kind: ``text`` for a paragraph, ``table`` for what is aligned by blanks."""

    kind: str
    text: str


class TableView(NamedTuple):
    """A table as the page shows it. rows: of text; more: how many rows are left out."""

    name: str
    head: list[str]
    rows: list[list[str]]
    more: int


def write_page(folder: Path, *, title: str, language: str = "en") -> Path:
    """Write ``report.html`` into a results folder, from what is there. Raises StoreError when it is not one."""
    from jinja2 import Environment, StrictUndefined

    from experiments.words import say

    manifest = _manifest(folder)
    source = (files("experiments") / "report.html.j2").read_text(encoding="utf-8")
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
    page = template.render(
        title=title,
        language=language,
        say={name: say(name, language) for name in WORDS},
        sections=[(heading, blocks_of(text)) for heading, text in _sections(folder)],
        figures=[(file.stem, _inline(file)) for file in _figures(folder)],
        tables=[_table(folder / f"{name}.csv") for name in TABLES if (folder / f"{name}.csv").is_file()],
        command=shlex.join(manifest.get("command_line", [])),
        manifest=json.dumps(manifest, ensure_ascii=False, indent=2),
    )
    path = folder / PAGE
    path.write_text(page, encoding="utf-8")
    return path


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{folder} holds no results of feidi: {MANIFEST} cannot be read ({error}). Give a folder that 'feidi run', "
            "'compare' or 'batch' wrote."
        ) from None
    if not isinstance(found, dict):
        raise StoreError(f"{folder / MANIFEST} is no manifest: it holds {type(found).__name__}. Run the command again.")
    return found


def _figures(folder: Path) -> list[Path]:
    """The pictures in the order of the report, which links them; those that it does not name after them."""
    report = folder / "report.md"
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    named = [folder / name for name in re.findall(r"!\[[^]]*\]\((figures/[^)]*\.png)\)", text)]
    others = sorted(set((folder / "figures").glob("*.png")) - set(named))
    return [file for file in [*named, *others] if file.is_file()]


def blocks_of(text: str) -> list[Block]:
    """Paragraphs and tables of a section; a table keeps the lines above and below that stand with it."""
    parts = [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]
    return [Block("table" if RULE.search(part) else "text", part) for part in parts]


def _sections(folder: Path) -> list[tuple[str, str]]:
    """Headings and texts of report.md."""
    report = folder / "report.md"
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    found = []
    for block in text.split("\n## "):
        heading, _, body = block.partition("\n")
        lines = [line for line in body.splitlines() if not line.startswith(("```", "!["))]
        found.append((heading.removeprefix("# "), "\n".join(lines).strip("\n")))
    return found


def _inline(file: Path) -> str:
    """A picture as a data address, so that the page needs no other file."""
    return "data:image/png;base64," + base64.b64encode(file.read_bytes()).decode("ascii")


def _table(file: Path) -> TableView:
    import pandas as pd

    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    shown = table.head(MOST_ROWS)
    return TableView(file.stem, list(table.columns), shown.to_numpy().tolist(), len(table) - len(shown))
