"""What can be taken along: the data of the worlds as files, the link to them, and the command that makes them again."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import solara

from experiments.app.link import write_link
from experiments.app.parts import Files, Share
from experiments.app.session import Session
from experiments.words import say

if TYPE_CHECKING:
    import pandas as pd

    from experiments.app.batch import Answers
    from experiments.app.setup import Setup
    from experiments.app.world import Pair


@solara.component
def Take(session: Session, lang: str) -> None:  # noqa: N802
    """Link, command and downloads."""
    setup, pair, answers = session.setup.value, session.pair.value, session.batch.answers.value
    count = len(answers.seeds) if answers is not None else 1
    lines = [
        {
            "name": "link",
            "title": say("link to these two worlds", lang),
            "text": write_link(setup, year=session.shown.value.year, lang=lang),
            "query": True,
        },
        {"name": "command", "title": say("command that runs them again", lang), "text": setup.command(count)},
    ]
    parcel = solara.use_reactive(None)

    def make(name: str) -> None:
        if pair is not None and session.made is not None:
            parcel.value = parcel_of(name, session.made, pair, answers)

    items = [
        {"name": f"{what}.{kind}", "title": f"{title}, {kinds}"}
        for what, title in (
            ("outcomes", say("outcomes of both worlds", lang)),
            ("villages", say("villages of both worlds", lang)),
        )
        for kind, kinds in (("csv", "CSV"), ("parquet", "Parquet"))
    ]
    with solara.Div(classes=["feidi-take"]):
        Share(texts={"copy": say("copy", lang), "copied": say("copied", lang)}, lines=lines)
        Files(items=items, parcel=parcel.value, event_make=session.guarded(make))


def parcel_of(name: str, setup: Setup, pair: Pair, answers: Answers | None) -> dict[str, str]:
    """A file as the browser gets it. name: ``outcomes`` or ``villages`` with ``.csv`` or ``.parquet``."""
    what, _, kind = name.partition(".")
    table = outcome_table(setup, pair, answers) if what == "outcomes" else village_table(setup, pair)
    content, mime = (as_csv(table), "text/csv") if kind == "csv" else (as_parquet(table), "application/octet-stream")
    return {"filename": f"feidi-{name}", "mime": mime, "base64": base64.b64encode(content).decode()}


def outcome_table(setup: Setup, pair: Pair, answers: Answers | None) -> pd.DataFrame:
    """One row a seed, world and year, one column an outcome: of the seeds that were run, else of the one watched."""
    import pandas as pd

    if answers is not None:
        years = range(setup.case.first_year - 1, setup.end + 1)
        return pd.concat(
            [
                pd.DataFrame({**_about(setup, side, seed), "year": years, **_of_seed(answers, side, place)})
                for side in (0, 1)
                for place, seed in enumerate(answers.seeds)
            ],
            ignore_index=True,
        )
    return pd.concat(
        [
            pd.DataFrame(
                [{**_about(setup, side, setup.seed), "year": one.year, **one.outcomes} for one in world.frames]
            )
            for side, world in enumerate(pair.worlds)
        ],
        ignore_index=True,
    )


def _of_seed(answers: Answers, side: int, place: int) -> dict[str, object]:
    return {name: values[place] for name, values in answers.outcomes[side].items()}


def _about(setup: Setup, side: int, seed: int) -> dict[str, object]:
    """The columns that say which run a row is of."""
    return {"world": "AB"[side], "arm": setup.arms[0][side].spelled, "case": setup.case_name, "seed": seed}


def village_table(setup: Setup, pair: Pair) -> pd.DataFrame:
    """One row a world, lived year and village, one column an attribute, in the units of agents/village.py."""
    import pandas as pd

    return pd.concat(
        [
            pd.DataFrame({**_about(setup, side, setup.seed), "year": one.year, **one.tables["Village"]}).assign(
                village=range(len(one.tables["Village"]["town"]))
            )
            for side, world in enumerate(pair.worlds)
            for one in world.frames
        ],
        ignore_index=True,
    )


def as_csv(table: pd.DataFrame) -> bytes:
    """A table as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    return table.to_csv(index=False).encode("utf-8-sig")


def as_parquet(table: pd.DataFrame) -> bytes:
    """A table as a Parquet file."""
    target = io.BytesIO()
    table.to_parquet(target, index=False, compression="zstd")
    return target.getvalue()
